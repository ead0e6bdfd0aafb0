import { expect, test } from "vitest";
import { renderChart } from "../chart/render.ts";
import { modelRoundTrip, modelThroughput } from "./data.ts";
import { modelChart } from "./figure.ts";

const interval = { low: 1, high: 3 };
const one = (users: number) => ({
  users,
  thinkTimeSeconds: 0,
  meanRoundTripSeconds: 2,
  meanUncutSeconds: 2,
  stdevSeconds: 0.1,
  successRate: 1,
  throughputPerSecond: 1,
  interval,
  meanUncutInterval: interval,
  successRateInterval: interval,
  throughputInterval: interval,
  agreement: 1,
  percentiles: [],
});

test("a band far above all else does not flatten it", () => {
  const wide = { low: 1, high: 300 };
  const input = {
    ...{ limitSeconds: 25, parameters: { demandSeconds: 2, servers: 1.5, delaySeconds: 0 } },
    ...{ measured: [], heldOut: [], saturation: [], predictions: [{ ...one(1), interval: wide }] },
  };
  expect(modelChart(input).panels[0]?.y).toMatchObject({ max: 4 });
  const svg = renderChart(modelChart(input), { forFile: true });
  expect(svg).not.toContain(">300<");
});

test("modelChart() draws axes with units, the curve and the measured points", () => {
  const chart = modelChart({
    limitSeconds: 25,
    parameters: { demandSeconds: 2, servers: 1.5, delaySeconds: 0 },
    measured: [{ users: 1, thinkTimeSeconds: 0, meanRoundTripSeconds: 2, successRate: 1 }],
    heldOut: [{ users: 2, thinkTimeSeconds: 0, meanRoundTripSeconds: 2.5, successRate: 1 }],
    predictions: [one(1), one(2)],
    saturation: [{ thinkTimeSeconds: 0, users: 1.5 }],
  });
  const svg = renderChart(chart, { forFile: true });
  for (const text of [
    "mean round trip (s)",
    "virtual users",
    "model, think 0 s",
    "measured, think 0 s",
    "1.5 users (think 0 s)",
  ]) {
    expect(svg).toContain(text);
  }
});

test("the dashed bound is the asymptotic one, up to the time limit", () => {
  const parameters = {
    ...{ demandSeconds: 10, servers: 4, contention: 0, delaySeconds: 0.5, demandVariation: 0.05 },
  };
  const input = { limitSeconds: 25, parameters, measured: [], heldOut: [], predictions: [], saturation: [] };
  expect(modelRoundTrip.bound(input, 2, 0)).toBe(10.5);
  expect(modelRoundTrip.bound(input, 6, 0)).toBeCloseTo(15, 12);
  expect(modelRoundTrip.bound(input, 30, 0)).toBe(25);
  expect(modelThroughput.bound(input, 2, 0)).toBeCloseTo(2 / 10.5, 12);
  expect(modelThroughput.bound(input, 30, 0)).toBeCloseTo(0.4, 12);
});
