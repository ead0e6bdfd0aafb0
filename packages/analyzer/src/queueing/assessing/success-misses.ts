import { formatPercent, formatUsers } from "../../core/format.ts";
import { type PredictionInput, predict } from "../asking/predict.ts";
import type { Observation } from "../fitting/observation.ts";
import type { HeldOut } from "./held-out.ts";
import type { Doubt } from "./verdict.ts";

/** A success rate that is missed by more is worth a word. */
const MAX_MISSED = 0.1;

/**
 * Doubts where fitted or held-out cells show another success rate than the model says. Cells without any answer
 * are judged by checkFailedCells().
 */
export function checkSuccessRates(
  fitted: readonly Observation[],
  heldOut: HeldOut,
  input: PredictionInput,
): readonly Doubt[] {
  const own = predict(fitted, { ...input, bootstrap: [] }).map(({ successRate }, index) => {
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
    ...doubt("Fitted", own),
    ...doubt(
      "Held-out",
      held.filter(({ measured }) => measured > 0),
    ),
  ];
}

function doubt(
  kind: string,
  cells: readonly { users: number; thinkTimeSeconds: number; measured: number; predicted: number }[],
): readonly Doubt[] {
  const missed = cells
    .filter(({ measured, predicted }) => Math.abs(measured - predicted) > MAX_MISSED)
    .sort((a, b) => Math.abs(b.measured - b.predicted) - Math.abs(a.measured - a.predicted));
  const [worst] = missed;
  if (worst === undefined) return [];
  return [
    {
      level: "caution",
      reason: `${kind} cells show another success rate than the model says in ${missed.length} of ${cells.length}; ${formatUsers(worst.users)} with think time ${worst.thinkTimeSeconds} s answered ${formatPercent(worst.measured)}, predicted ${formatPercent(worst.predicted)}.`,
    },
  ];
}
