import { splitMeans } from "./split-means.ts";
import type { Values } from "./values.ts";

const BATCH = 5;
/** With fewer batches the minimum is chance. */
const MIN_BATCHES = 10;

/**
 * MSER-5: how many values at the beginning to leave out as warm-up. In batches of 5, the cut d that minimizes
 * Σ (Y_j − mean of the rest)² / (n − d)² over the rest; looked for in the first half only.
 *
 * @param values in order of time
 * @returns a multiple of 5, 0 if nothing need be cut; undefined below 50 values, or if the minimum lies at
 *   the middle: the run is then too short to tell
 * @see White, Cobb and Spratt 2000, Winter Simulation Conference, 755–760
 */
export function mser5(values: Values): number | undefined {
  const count = Math.floor(values.length / BATCH);
  if (count < MIN_BATCHES) return undefined;
  const batches = splitMeans(values, count, count * BATCH);
  const last = Math.floor(count / 2);
  let best = Number.POSITIVE_INFINITY;
  let cut = 0;
  // From the end on, so that sums of the rest grow batch by batch (Welford's update).
  let centre = 0;
  let squares = 0;
  for (let first = count - 1; first >= 0; first--) {
    const value = batches[first] as number;
    const size = count - first;
    const step = value - centre;
    centre += step / size;
    squares += step * (value - centre);
    const error = squares / size ** 2;
    if (first <= last && error <= best) {
      best = error;
      cut = first;
    }
  }
  return cut === last ? undefined : cut * BATCH;
}
