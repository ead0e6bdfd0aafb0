import { formatPercent, formatUsers } from "../../core/format.ts";
import { predict } from "../asking/predict.ts";
import type { Observation } from "../fitting/observation.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { HeldOut } from "./held-out.ts";
import type { Caveat } from "./verdict.ts";

/** A larger error of the success rate is reported. */
const MAX_MISSED = 0.1;

/**
 * Warns if fitted or held-out cells show another success rate than predicted. Cells without any success are
 * checked by checkFailedCells().
 */
export function checkSuccessRates(
  fitted: readonly Observation[],
  heldOut: HeldOut,
  input: PredictionInput,
): readonly Caveat[] {
  const own = predict(fitted, input).map(({ successRate }, index) => {
    const { users, thinkTimeSeconds, successRate: measured } = fitted[index] as Observation;
    return { users, thinkTimeSeconds, measured, predicted: successRate };
  });
  const held = heldOut.cells.map((cell) => ({
    users: cell.users,
    thinkTimeSeconds: cell.thinkTimeSeconds,
    measured: cell.measuredSuccessRate,
    predicted: cell.predictedSuccessRate,
  }));
  return [
    ...caveat("fitted", own),
    ...caveat(
      "held-out",
      held.filter(({ measured }) => measured > 0),
    ),
  ];
}

function caveat(
  kind: string,
  cells: readonly { users: number; thinkTimeSeconds: number; measured: number; predicted: number }[],
): readonly Caveat[] {
  const missed = cells
    .filter(({ measured, predicted }) => Math.abs(measured - predicted) > MAX_MISSED)
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
