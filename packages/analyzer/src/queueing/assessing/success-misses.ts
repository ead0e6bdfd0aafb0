import { formatPercent, formatUsers } from "../../core/format.ts";
import type { Interval } from "../../stats/interval.ts";
import { predict } from "../asking/predict.ts";
import type { Observation } from "../fitting/observation.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { HeldOut } from "./held-out.ts";
import type { Caveat } from "./verdict.ts";

/** A larger error of the success rate is reported, if it is no chance of one run. */
const MAX_MISSED = 0.1;

interface SeenRate {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly measured: number;
  readonly predicted: number;
  /** 95%, for the result of one run. */
  readonly interval: Interval;
}

/**
 * Warns if fitted or held-out cells show another success rate than predicted: near the time limit, one run may differ
 * a lot from another by chance, so it has to lie outside of the interval too. Cells without any success are checked by
 * checkFailedCells().
 */
export function checkSuccessRates(
  fitted: readonly Observation[],
  heldOut: HeldOut,
  input: PredictionInput,
): readonly Caveat[] {
  const own = predict(fitted, input).map(({ successRate, successRateInterval }, index): SeenRate => {
    const { users, thinkTimeSeconds, successRate: measured } = fitted[index] as Observation;
    return { users, thinkTimeSeconds, measured, predicted: successRate, interval: successRateInterval };
  });
  const held = heldOut.cells.map(
    (cell): SeenRate => ({
      users: cell.users,
      thinkTimeSeconds: cell.thinkTimeSeconds,
      measured: cell.measuredSuccessRate,
      predicted: cell.predictedSuccessRate,
      interval: cell.successRateInterval,
    }),
  );
  return [
    ...caveat("fitted", own),
    ...caveat(
      "held-out",
      held.filter(({ measured }) => measured > 0),
    ),
  ];
}

function caveat(kind: string, cells: readonly SeenRate[]): readonly Caveat[] {
  const missed = cells
    .filter(
      ({ measured, predicted, interval: { low, high } }) =>
        Math.abs(measured - predicted) > MAX_MISSED && (measured < low || measured > high),
    )
    .sort((a, b) => Math.abs(b.measured - b.predicted) - Math.abs(a.measured - a.predicted));
  const [worst] = missed;
  if (worst === undefined) return [];
  return [
    {
      level: "caution",
      reason: `The success rate of ${missed.length} of ${cells.length} ${kind} cells differs from the prediction; the largest difference is at ${formatUsers(worst.users)} with think time ${worst.thinkTimeSeconds} s: measured ${formatPercent(worst.measured)}, predicted ${formatPercent(worst.predicted)}.`,
    },
  ];
}
