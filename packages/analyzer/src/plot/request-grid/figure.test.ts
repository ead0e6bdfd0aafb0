import { describe, expect, test } from "vitest";
import { summarizeCell } from "../../summary/summarize-cell.ts";
import { testClient } from "../../testing/clients.ts";
import type { LineMark, Panel } from "../chart/chart.ts";
import { unbroken } from "../chart/lines.ts";
import type { ReportFigure } from "../figure.ts";
import { requestGrids } from "./figure.ts";
import { MAX_POINTS, thin } from "./thin.ts";

const gridOf = (clients: ReturnType<typeof testClient>[]) => {
  const cell = summarizeCell({ condition: { users: clients.length, thinkTimeSeconds: 0 }, clients });
  return requestGrids([{ cell, clients }])[0] as ReportFigure;
};
const linesOf = (panel: Panel) => panel.layers.map(({ mark }) => mark as LineMark);

describe("requestGrids()", () => {
  test("draws handler and ML times at their request's number, with a gap for a failed one", () => {
    const client = testClient({ thinkSeconds: 0, roundTrips: [1, 1, 1, -25, 1, 1, 1] });
    const { chart, data } = gridOf([client]);
    const lines = chart.panels.flatMap(linesOf);
    // The round trip in one piece, handler and ML in two, and all end at the seventh request.
    expect(lines.map(({ points }) => unbroken(points).length)).toEqual([1, 2, 2]);
    expect(lines.map(({ points }) => points.at(-1)?.[0])).toEqual([7, 7, 7]);
    expect(chart.series).toEqual([{ name: "w1-u1", color: 0, swatch: ["line"] }]);
    expect(data?.rows.slice(2, 5).map((row) => row.slice(2))).toEqual([
      ["3", "1.000", expect.stringMatching(/^0/), expect.stringMatching(/^0/)],
      ["4", "25.000", "", ""],
      ["5", "1.000", expect.stringMatching(/^0/), expect.stringMatching(/^0/)],
    ]);
  });

  test("gives every user a legend entry, dashed from the palette's second round on", () => {
    const clients = Array.from({ length: 9 }, (_, user) =>
      testClient({ user: `w1-u${user + 1}`, thinkSeconds: 0, roundTrips: [1, 1.5] }),
    );
    const { chart } = gridOf(clients);
    expect(chart.series.map(({ name }) => name).slice(6)).toEqual([
      "w1-u7",
      "w1-u8 (dashed)",
      "w1-u9 (dashed)",
    ]);
    for (const panel of chart.panels)
      expect(panel.layers.map(({ series }) => series)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("has one row of data per user if there are too many requests", () => {
    const { data, notes } = gridOf([testClient({ roundTrips: Array.from({ length: 2001 }, () => 0.1) })]);
    expect(data?.rows).toHaveLength(1);
    expect(notes.join(" ")).toContain("one row per user instead of 2001 requests");
  });
});

describe("thin()", () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => index + 1);

  test("keeps the longest value of each part", () => {
    const drawn = thin(
      numbers,
      numbers.map((number) => (number === 503 ? 9 : 1)),
    );
    expect(drawn).toHaveLength(MAX_POINTS);
    expect(drawn.filter(([, value]) => value === 9)).toEqual([[503, 9]]);
  });

  test("keeps a break only if a part has no value", () => {
    const isBroken = (number: number) => number === 1 || (number > 10 && number <= 15);
    const drawn = thin(
      numbers,
      numbers.map((number) => (isBroken(number) ? Number.NaN : 1)),
    );
    expect(drawn.filter(([, value]) => Number.isNaN(value))).toEqual([[11, Number.NaN]]);
  });
});
