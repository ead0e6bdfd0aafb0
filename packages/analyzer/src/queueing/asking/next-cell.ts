import type { FittedStation } from "../fitting/fit-station.ts";
import { type Prediction, predict } from "./predict.ts";
import { findSeparatingCell, type SeparatingCell } from "./separating-cell.ts";
import type { WhatIf } from "./what-if.ts";

export interface NextCell extends SeparatingCell {
  /** Width of the 95% interval ÷ predicted mean. */
  readonly relativeWidth: number;
  /** The what-if that was refused, and that this cell may answer. */
  readonly change?: string;
}

/**
 * The cell to measure next: the one that may answer the first what-if that was refused, otherwise the one whose mean
 * the plausible hosts disagree about most, relative to how far it differs by chance.
 *
 * @example
 * ```ts
 * const clients = (users: number, seconds: number) =>
 *   Array.from({ length: users }, (_, client) => ({
 *     roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
 *     successfulRequests: 30,
 *   }));
 * const cells = [[1, 0.5], [2, 0.6], [4, 1.2], [8, 2.4]].map(([users = 1, seconds = 1]) => ({
 *   ...{ users, thinkTimeSeconds: 0, clients: clients(users, seconds) },
 * }));
 * const model = fitModel(cells, { limitSeconds: 25, seed: 1, replications: 5 });
 * proposeNextCell(model)?.thinkTimeSeconds; // 0
 * ```
 */
export function proposeNextCell(
  model: Pick<FittedStation, "prediction" | "observations">,
  whatIfs: readonly WhatIf[] = [],
): NextCell | undefined {
  const refused = whatIfs.find(({ unclear }) => unclear?.next !== undefined);
  const cell = refused?.unclear?.next ?? findSeparatingCell(model);
  if (cell === undefined) return undefined;
  const [{ interval, meanRoundTripSeconds }] = predict([cell], model.prediction) as [Prediction];
  return {
    ...cell,
    relativeWidth: (interval.high - interval.low) / meanRoundTripSeconds,
    ...(refused !== undefined && { change: refused.change }),
  };
}
