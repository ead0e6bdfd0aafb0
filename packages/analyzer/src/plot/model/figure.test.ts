import { expect, test } from "vitest";
import { predictCell } from "../../queueing/station/predict-cell.ts";
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

test("no curve runs beyond its dashed bound, also if requests are cut or contend", () => {
  const parameters = {
    ...{ demandSeconds: 10, servers: 4, contention: 0.03, delaySeconds: 0 },
    ...{ demandVariation: 0.05, waitVariation: 0.4 },
  };
  const input = { limitSeconds: 25, parameters, measured: [], heldOut: [], predictions: [], saturation: [] };
  for (const think of [0, 5]) {
    for (let users = 1; users <= 30; users++) {
      const predicted = predictCell(parameters, users, think, 25);
      const slowest = modelRoundTrip.bound(input, users, think);
      expect(predicted.meanRoundTripSeconds).toBeGreaterThanOrEqual(slowest * (1 - 1e-9));
      expect(predicted.throughputPerSecond).toBeLessThanOrEqual(modelThroughput.bound(input, users, think));
    }
  }
});
