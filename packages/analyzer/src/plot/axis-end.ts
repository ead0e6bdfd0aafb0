import type { ClientRun } from "../clients/client-run.ts";
import { quantileOfUnsorted } from "../stats/quantile.ts";

/** Times beyond so many times the usual ones do not stretch an axis. */
const FAR_BEYOND = 3;

/**
 * The upper end of an axis of times that a few far longer ones, such as time-outs, do not stretch.
 *
 * @param usual what nearly all times do not exceed
 *
 * @example
 * ```ts
 * axisEnd(25, 2); // 3
 * axisEnd(5, 2); // 5
 * ```
 */
export const axisEnd = (longest: number, usual: number): number =>
  longest > FAR_BEYOND * usual && usual > 0 ? 1.5 * usual : longest;

/**
 * What nearly all successful requests do not exceed: their 95th percentile, seconds; of all requests if it is not known
 * which succeeded; 0 without any.
 */
export function usualRoundTrip(clients: readonly ClientRun[]): number {
  const successful = clients.flatMap(
    (client) => client.successfulRoundTripSeconds ?? client.roundTripSeconds,
  );
  return successful.length === 0 ? 0 : quantileOfUnsorted(successful, 0.95);
}
