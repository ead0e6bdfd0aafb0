import { type ArrivalProcess, type Bursts, parseBursts } from "../condition.ts";
import { createRandom } from "../random.ts";

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
  const bursts = parseBursts(process);
  const next = bursts === undefined ? poisson(ratePerSecond, seed) : withBursts(ratePerSecond, bursts, seed);
  const due: number[] = [];
  return (sequence) => {
    while (due.length < sequence) due.push(next());
    return due[sequence - 1] as number;
  };
}

/** The arrivals one by one; none at all below a rate of one in 30 years. */
function poisson(ratePerSecond: number, seed: number): () => number {
  const random = createRandom(seed);
  let at = 0;
  return () => {
    at += ratePerSecond < 1e-9 ? Number.POSITIVE_INFINITY : -Math.log(1 - random()) / ratePerSecond;
    return at;
  };
}

function withBursts(
  ratePerSecond: number,
  { requests, everySeconds, withinSeconds }: Bursts,
  seed: number,
): () => number {
  const nextOther = poisson(ratePerSecond - requests / everySeconds, seed);
  let other = nextOther();
  let sent = 0;
  const ofBursts = () =>
    requests === 0
      ? Number.POSITIVE_INFINITY
      : (Math.floor(sent / requests) + 1) * everySeconds + ((sent % requests) / requests) * withinSeconds;
  return () => {
    const burst = ofBursts();
    if (burst <= other) {
      sent++;
      return burst;
    }
    const at = other;
    other = nextOther();
    return at;
  };
}

/** How many requests are due before `durationSeconds`. */
export function countDue(schedule: (sequence: number) => number, durationSeconds: number): number {
  let count = 0;
  while (schedule(count + 1) < durationSeconds) count++;
  return count;
}

/**
 * The seed of one user's, or one cell's, draws: those with one seed and other names draw other numbers.
 * @param name absent: the seed itself
 * @see FNV-1a, 32 bits
 *
 * @example
 * ```ts
 * seedOf(1, "u02-t0-r1") === seedOf(1, "u02-t0-r2"); // false
 * ```
 */
export function seedOf(seed: number, name: string | undefined): number {
  if (name === undefined) return seed;
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
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
