import { expect, test } from "vitest";
import { summarizeCell } from "../../summary/summarize-cell.ts";
import { testClient } from "../../testing/clients.ts";
import { scaleOf } from "../chart/scales.ts";
import { MAX_LINES, MAX_POINTS } from "./data.ts";
import { requestMultiples } from "./figure.ts";

const cellOf = (users: number, thinkTimeSeconds: number, requests = 3) => {
  const clients = Array.from({ length: users }, () =>
    testClient({ thinkSeconds: thinkTimeSeconds, roundTrips: Array.from({ length: requests }, () => users) }),
  );
  return { cell: summarizeCell({ condition: { users, thinkTimeSeconds }, clients }), clients };
};

test("has a panel per cell with the same axes: think times below each other, users side by side", () => {
  const cells = [cellOf(1, 0), cellOf(2, 0), cellOf(1, 5)];
  const panels = requestMultiples(cells)?.chart.panels ?? [];
  expect(panels.map(({ title }) => title)).toEqual(["1 user", "2 users", "1 user"]);
  expect(new Set(panels.map(({ y }) => "max" in y && y.max))).toEqual(new Set([2]));
  expect(panels[2]?.leftPx).toBe(panels[0]?.leftPx);
  expect(panels[2]?.topPx).toBeGreaterThan(panels[0]?.topPx ?? 0);
});

test("thins long lines and many users, and says so", () => {
  const figure = requestMultiples([cellOf(MAX_LINES + 1, 0, 10 * MAX_POINTS)]);
  const lines = figure?.chart.panels[0]?.layers.filter(({ series }) => series === 0) ?? [];
  expect(lines).toHaveLength(MAX_LINES);
  expect(lines.every(({ mark }) => "points" in mark && mark.points.length <= MAX_POINTS)).toBe(true);
  expect(figure?.notes.join(" ")).toContain(`At most ${MAX_LINES} lines`);
});

test("a few time-outs do not stretch the axis", () => {
  const clients = [testClient({ roundTrips: [...Array.from({ length: 30 }, () => 0.1), -25] })];
  const condition = { users: 1, thinkTimeSeconds: 1 };
  const figure = requestMultiples([{ cell: summarizeCell({ condition, clients }), clients }]);
  const [panel] = figure?.chart.panels ?? [];
  expect(panel?.y).toMatchObject({ max: expect.closeTo(0.15) });
  const [line] = panel?.layers ?? [];
  expect(line?.mark.kind === "line" && line.mark.points.at(-1)?.[1]).toBeCloseTo(0.15);
  expect(figure?.notes.join(" ")).toContain("Times at the upper edge lie beyond it, up to 25 s.");
});

test("a time-out at every drawn point of a thinned line does not stretch the axis either", () => {
  const roundTrips = Array.from({ length: 40 * MAX_POINTS }, (_, index) => (index % 20 === 0 ? -25 : 0.1));
  const clients = [testClient({ roundTrips })];
  const condition = { users: 1, thinkTimeSeconds: 1 };
  const panels = requestMultiples([{ cell: summarizeCell({ condition, clients }), clients }])?.chart.panels;
  expect(panels?.[0]?.y).toMatchObject({ max: expect.closeTo(0.15) });
});

test("numbers of many requests do not meet below narrow panels", () => {
  const cells = Array.from({ length: 9 }, (_, index) => cellOf(index + 1, 0, 2100));
  const [panel] = requestMultiples(cells)?.chart.panels ?? [];
  if (panel === undefined) throw new Error("no panel");
  const { ticks } = scaleOf(panel.x, "x", panel.widthPx);
  const distances = ticks.slice(1).map(({ atPx }, index) => atPx - (ticks[index]?.atPx ?? 0));
  expect(ticks.length).toBeGreaterThan(0);
  for (const distance of distances) expect(distance).toBeGreaterThan(4 * 8);
});

test("is undefined without a request", () => {
  expect(requestMultiples([])).toBeUndefined();
});
