import { expect, it } from "vitest";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import { checkSuccessRates } from "./success-misses.ts";

const reasonsOf = (measuredSuccessRate: number) =>
  checkSuccessRates(
    [],
    {
      trainedUpToUsers: 4,
      cells: [
        {
          ...{ users: 7, thinkTimeSeconds: 0 },
          ...{ measuredSeconds: 20, predictedSeconds: 20, interval: { low: 18, high: 22 }, errorRatio: 0 },
          ...{ measuredSuccessRate, predictedSuccessRate: 0.6 },
          successRateInterval: { low: 0.4, high: 0.9 },
        },
      ],
    },
    // Nothing is predicted anew.
    {} as PredictionInput,
  ).map(({ reason }) => reason);

it("warns of a success rate outside of the interval", () => {
  expect(reasonsOf(0.3)).toEqual([
    expect.stringContaining("1 of 1 held-out cells differs from the prediction"),
  ]);
});

it("does not warn of one that a run may have by chance, nor of a small difference", () => {
  expect(reasonsOf(0.45)).toEqual([]);
  expect(reasonsOf(0.65)).toEqual([]);
});
