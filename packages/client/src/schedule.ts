import { createRandom } from "./random.ts";

/** `constant`: one request per 1 ÷ rate seconds; `poisson`: exponentially distributed gaps with that mean. */
export type ArrivalProcess = "constant" | "poisson";

/**
 * When the requests of an open loop are due.
 * @returns seconds from the start by sequence (1, 2, …); never decreasing
 *
 * @example
 * ```ts
 * createSchedule(4, "constant", 1)(3); // 0.5
 * ```
 */
export function createSchedule(
  ratePerSecond: number,
  process: ArrivalProcess,
  seed: number,
): (sequence: number) => number {
  if (process === "constant") return (sequence) => (sequence - 1) / ratePerSecond;
  const random = createRandom(seed);
  const due: number[] = [];
  return (sequence) => {
    while (due.length < sequence) due.push((due.at(-1) ?? 0) - Math.log(1 - random()) / ratePerSecond);
    return due[sequence - 1] as number;
  };
}

/** How many requests are due before `durationSeconds`. */
export function countDue(schedule: (sequence: number) => number, durationSeconds: number): number {
  let count = 0;
  while (schedule(count + 1) < durationSeconds) count++;
  return count;
}

/**
 * The seed of one user's draws: users with one `--seed` draw different numbers.
 * @see FNV-1a, 32 bits
 */
export function userSeed(seed: number, user: string | undefined): number {
  if (user === undefined) return seed;
  let hash = 0x811c9dc5;
  for (let index = 0; index < user.length; index++)
    hash = Math.imul(hash ^ user.charCodeAt(index), 0x01000193);
  return (hash ^ seed) >>> 0;
}

/** The numbers 0 to count - 1 in random order (Fisher and Yates). */
export function shuffledIndices(count: number, seed: number): readonly number[] {
  const random = createRandom(seed);
  const indices = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [indices[last], indices[other]] = [indices[other] as number, indices[last] as number];
  }
  return indices;
}
