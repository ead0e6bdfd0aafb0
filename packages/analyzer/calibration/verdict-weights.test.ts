import { expect, it } from "vitest";
import { createRandom } from "../src/stats/random.ts";
import type { JudgedPrediction, VerdictJudgement } from "./model-judge.ts";
import { crossValidate, findLimits, fitVerdictWeights } from "./verdict-weights.ts";

/** How likely a prediction is right, by its signs: what the weights are to find. */
const TRUE = { constant: 0.5, agreement: 1, extrapolation: -1, unseenCapacity: -3 };

/** Fits whose predictions are right or wrong at random. */
function judged(hosts: number): readonly VerdictJudgement[] {
  const random = createRandom(3);
  return Array.from({ length: hosts }, (_, host): VerdictJudgement => {
    const agreement = 0.02 + 0.96 * random();
    const predictions = Array.from({ length: 12 }, () => {
      const signs = { agreement, extrapolation: random(), unseenCapacity: 0.5 * random() };
      const sum =
        TRUE.constant +
        TRUE.agreement * Math.log(agreement / (1 - agreement)) +
        TRUE.extrapolation * signs.extrapolation +
        TRUE.unseenCapacity * signs.unseenCapacity;
      return { signs, isGood: random() < 1 / (1 + Math.exp(-sum)) } as JudgedPrediction;
    });
    const goodShare = predictions.filter(({ isGood }) => isGood).length / predictions.length;
    return {
      ...{ host: `host ${host}`, fit: "low", predictions, goodShare, verdict: "caution" },
      loadSigns: predictions.map(({ signs }) => signs),
      ...{ expectedShare: 0, mostRight: 0 },
    };
  });
}

it("finds the weights that decided which predictions are right", () => {
  const { prediction } = fitVerdictWeights(judged(600));
  for (const [index, weight] of Object.values(TRUE).entries())
    expect(Math.abs((prediction[index] as number) - weight)).toBeLessThan(0.2);
});

it("says how likely fits to other hosts are good", () => {
  const fits = crossValidate(judged(600));
  const likely = fits.slice(0, 150);
  const expected = likely.reduce((sum, one) => sum + one.mostRight, 0) / likely.length;
  const found = likely.filter(({ isGood }) => isGood).length / likely.length;
  expect(Math.abs(expected - found)).toBeLessThan(0.08);
});

it("finds the limits that keep what the words promise", () => {
  // Of 100 fits each: all good, 90 good, 50 good, 10 good, none good.
  const fits = [
    [0.95, 100],
    [0.85, 90],
    [0.5, 50],
    [0.2, 10],
    [0.05, 0],
  ].flatMap(([mostRight = 0, good = 0]) =>
    Array.from({ length: 100 }, (_, index) => ({ mostRight, isGood: index < good })),
  );
  // 190 of 200 are good, 95% less a standard error of 1.5%; below, 190 of 200 are not.
  expect(findLimits(fits)).toEqual({ trusted: 0.51, notTrusted: 0.5 });
});
