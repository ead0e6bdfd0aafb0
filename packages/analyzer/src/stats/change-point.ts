import { median } from "./median.ts";
import { findRobustStep } from "./robust-step.ts";
import { splitMeans } from "./split-means.ts";
import { stepPValue } from "./step-null.ts";
import type { Step } from "./step-statistic.ts";
import type { Values } from "./values.ts";

export interface Change {
  /** Values before the change. */
  readonly at: number;
  /** (level after − level before) ÷ level before: −0.27 is 27% less; levels are medians of rounds. */
  readonly changeRatio: number;
  /** Against series that wander without a step: step-null.ts. */
  readonly pValue: number;
}

export interface ChangeOptions {
  /** Users whose requests follow each other: a round has one of each. */
  readonly users: number;
  /** Largest p-value of a change. */
  readonly alpha?: number;
}

/** Allows 0.02 false alarms in independent values; docs/calibration.md has what results. */
const ALPHA = 0.01;
/** Smaller steps are no change of the host worth a warning. */
const MIN_CHANGE_RATIO = 0.1;
const MIN_ROUNDS = 12;
/** Longer runs are cut into this many rounds: a step stays as clear, and memory of one round is shorter. */
const MAX_ROUNDS = 60;
/** Share of the rounds that each side of a step has at least. */
const MARGIN = 0.15;
const MIN_MARGIN = 3;

/**
 * Finds a step in the level of a run: the host became faster or slower within it.
 *
 * Takes the logarithm of each round's mean, looks for the step that explains most, with spikes clipped, and compares
 * it with series that wander as much without a step. Deterministic.
 *
 * @param values round trips of one run in order of time, all users active; > 0
 * @returns undefined if there is no step of at least 10%, or fewer than 12 rounds
 * @see robust-step.ts and step-null.ts
 *
 * @example
 * ```ts
 * findChange([...Array(20).fill(1), ...Array(20).fill(0.7)], { users: 1 })?.at; // 20
 * ```
 */
export function findChange(values: Values, { users, alpha = ALPHA }: ChangeOptions): Change | undefined {
  const rounds = Math.min(MAX_ROUNDS, Math.floor(values.length / Math.max(1, users)));
  if (rounds < MIN_ROUNDS) return undefined;
  const means = splitMeans(values, rounds);
  if (means.some((mean) => !(mean > 0))) return undefined;
  const margin = Math.max(MIN_MARGIN, Math.ceil(rounds * MARGIN));
  const step = findRobustStep(means.map(Math.log), margin);
  const [before, after] = [median(means.slice(0, step.at)), median(means.slice(step.at))];
  // As large a step down as up: 1 ÷ 1.1 is 10% faster.
  if (Math.abs(Math.log(after / before)) < Math.log1p(MIN_CHANGE_RATIO)) return undefined;
  const pValue = stepPValue(step, rounds, margin);
  if (pValue > alpha) return undefined;
  const at = placeIn(values, Math.sqrt(before * after), step, rounds);
  return { at, changeRatio: after / before - 1, pValue };
}

/** The best split of the single values within a round on either side of the step. @param middle of the levels */
function placeIn(values: Values, middle: number, step: Step, rounds: number): number {
  const edge = (round: number) => Math.floor((round * values.length) / rounds);
  const from = edge(step.at - 1);
  const to = edge(step.at + 1);
  let place = from;
  let best = 0;
  // Signs: each value on the side of the first level speaks for a later step.
  for (let at = from, sum = 0; at < to; at++) {
    sum += Math.sign(middle - (values[at] as number)) * Math.sign(step.size);
    if (sum > best) [best, place] = [sum, at + 1];
  }
  return place;
}
