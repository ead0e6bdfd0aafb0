import { expect, test } from "vitest";
import { summarizeCell } from "../../summary/summarize-cell.ts";
import { testClient } from "../../testing/clients.ts";
import type { PointsMark } from "../chart/chart.ts";
import { timelineOf } from "./data.ts";
import { timelineFigure } from "./figure.ts";

const clients = [
  testClient({ user: "w1-u1", startSeconds: 0, thinkSeconds: 0, roundTrips: [10, 10, -10] }),
  testClient({ user: "w1-u2", startSeconds: 5, thinkSeconds: 0, roundTrips: [10, -10] }),
];
const measured = [
  { cell: summarizeCell({ condition: { users: 2, thinkTimeSeconds: 0 }, clients }), clients },
];

test("timelineOf() counts users from their first request to their last response, and when requests failed", () => {
  const timeline = timelineOf(measured);
  expect(timeline?.active).toEqual([
    { atSeconds: 0, users: 1 },
    { atSeconds: 5, users: 2 },
    { atSeconds: 25, users: 1 },
    { atSeconds: 30, users: 0 },
  ]);
  expect([...(timeline?.failuresSeconds ?? [])]).toEqual([25, 30]);
  expect(timeline?.durationSeconds).toBe(30);
});

test("timelineFigure() draws a diamond per failure, and its table counts them up", () => {
  const figure = timelineFigure(measured);
  const marks = figure?.chart.panels[0]?.layers.map(({ mark }) => mark) ?? [];
  const [failures] = marks.filter((mark): mark is PointsMark => mark.kind === "points");
  expect(failures?.points.map(({ text }) => text)).toEqual([
    "1 failed request, 25.00 seconds after the first request",
    "1 failed request, 30.00 seconds after the first request",
  ]);
  expect(figure?.data?.rows.map((row) => row.at(-1))).toEqual(["0", "0", "1", "2"]);
  expect(figure?.notes[0]).toBe("2 requests failed: a diamond marks each end.");
});

test("timelineFigure() is absent without any request", () => {
  expect(timelineFigure([{ ...measured[0], clients: [] } as (typeof measured)[number]])).toBeUndefined();
});
