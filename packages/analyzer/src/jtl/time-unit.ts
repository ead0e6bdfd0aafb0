import { isEpochMs } from "../core/epoch.ts";

/** The unit of a log's time stamps: JMeter writes milliseconds, other tools also write the rest. */
export interface TimeUnit {
  /** For messages. */
  readonly name: "seconds" | "milliseconds" | "microseconds" | "nanoseconds";
  /** Two whole numbers, so that whole times stay whole. */
  readonly multiplier: number;
  readonly divisor: number;
}

export const MILLISECONDS: TimeUnit = { name: "milliseconds", multiplier: 1, divisor: 1 };
const UNITS: readonly TimeUnit[] = [
  MILLISECONDS,
  { name: "seconds", multiplier: 1000, divisor: 1 },
  { name: "microseconds", multiplier: 1, divisor: 1000 },
  { name: "nanoseconds", multiplier: 1, divisor: 1_000_000 },
];

/** A number of a unit in milliseconds. */
export const toMilliseconds = (number: number, { multiplier, divisor }: TimeUnit): number =>
  (number * multiplier) / divisor;

/**
 * The unit in which most numbers are times of the years 2000 to 2099; no number is that in two units.
 * Milliseconds if no number is a time in any unit.
 *
 * @example
 * ```ts
 * inferTimeUnit([1349212263, 1349212264, 0]).name; // "seconds"
 * ```
 */
export function inferTimeUnit(numbers: readonly number[]): TimeUnit {
  let best = MILLISECONDS;
  let most = 0;
  for (const unit of UNITS) {
    const fitting = numbers.filter((number) => isEpochMs(toMilliseconds(number, unit))).length;
    if (fitting > most) [best, most] = [unit, fitting];
  }
  return best;
}
