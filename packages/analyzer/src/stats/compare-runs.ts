import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { mean } from "./mean.ts";
import { meanDifference } from "./mean-difference.ts";
import { meanError, type RelativeError } from "./pooled-interval.ts";
import type { RunDeviation } from "./run-deviation.ts";
import type { RunFigure } from "./run-figure.ts";
import { studentT } from "./student-t.ts";

/** Differences within this share of the figure do not matter, unless stated otherwise. */
export const DEFAULT_MARGIN = 0.1;
/** Probability with which the further runs would show a difference of the margin. */
const POWER = 0.8;
const MAX_RUNS = 1000;

export interface CompareRunsOptions {
  /** Ratios from 1 ÷ (1 + margin) to 1 + margin count as equivalent; > 0. */
  readonly margin?: number;
  readonly level?: number;
  /** runDeviation() of the same figure over all conditions of both results. */
  readonly pooled?: RunDeviation;
}

export interface RunComparison {
  /** after ÷ before, of the geometric means over runs. */
  readonly ratio: number;
  /** Of the ratio, two-sided; absent if the runs do not show how runs differ. */
  readonly interval?: Interval;
  /**
   * `equivalent`: within the margin (two one-sided tests), even if a small difference is shown. `higher` and
   * `lower`: the interval leaves out 1. Else `undecided`, which is no proof of equality.
   */
  readonly verdict: "higher" | "lower" | "equivalent" | "undecided";
  /**
   * About how many further runs on each side would show a difference of the margin, with probability 0.8, if
   * undecided; absent if the runs do not show how runs differ.
   */
  readonly runsNeeded?: number;
}

/**
 * Compares a figure of two results (a mean, a quantile, a rate) by the figures of their runs, on the scale of logarithms.
 *
 * The error comes from the runs of both sides (Student's t with a common variance) if both have two or more and
 * three degrees of freedom result, else from the deviation pooled over all conditions; without either there is no
 * verdict. Wrong verdicts happen with at most 1 − level.
 *
 * @returns undefined if a side has no runs or a figure that is not positive
 * @see Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15(6) (two one-sided tests)
 *
 * @example
 * ```ts
 * compareRuns([{ value: 1 }], [{ value: 2 }])?.verdict; // "undecided"
 * ```
 */
export function compareRuns(
  before: readonly RunFigure[],
  after: readonly RunFigure[],
  { margin = DEFAULT_MARGIN, level = CONFIDENCE_LEVEL, pooled }: CompareRunsOptions = {},
): RunComparison | undefined {
  if (!(margin > 0)) throw new RangeError(`margin is ${margin}, not above 0`);
  const logs = [logsOf(before), logsOf(after)] as const;
  const [from, to] = logs.map(mean);
  if (from === undefined || to === undefined) return undefined;
  const difference = to - from;
  const ratio = Math.exp(difference);
  const error = ownError(...logs) ?? pooledError(before, after, pooled);
  if (error === undefined) return { ratio, verdict: "undecided" };
  const half = studentT((1 + level) / 2, error.degrees) * error.ratio;
  const interval = { low: Math.exp(difference - half), high: Math.exp(difference + half) };
  const oneSided = studentT(level, error.degrees) * error.ratio;
  const limit = Math.log1p(margin);
  if (Math.abs(difference) + oneSided <= limit) return { ratio, interval, verdict: "equivalent" };
  if (interval.low > 1) return { ratio, interval, verdict: "higher" };
  if (interval.high < 1) return { ratio, interval, verdict: "lower" };
  const runsNeeded = moreRuns(error, before.length, after.length, limit, level);
  return { ratio, interval, verdict: "undecided", ...(runsNeeded !== undefined && { runsNeeded }) };
}

/** Empty if a figure is not positive. */
function logsOf(runs: readonly RunFigure[]): readonly number[] {
  return runs.every((run) => run.value > 0) ? runs.map((run) => Math.log(run.value)) : [];
}

/** Fewer degrees of freedom than these make the interval too wide to show anything. */
const MIN_OWN_DEGREES = 3;

/** Of the difference of two means of logarithms, from the runs' own variance. */
function ownError(before: readonly number[], after: readonly number[]): RelativeError | undefined {
  const found = meanDifference(before, after);
  if (found === undefined || found.degrees < MIN_OWN_DEGREES || found.error === 0) return undefined;
  return { ratio: found.error, degrees: found.degrees };
}

function pooledError(
  before: readonly RunFigure[],
  after: readonly RunFigure[],
  pooled: RunDeviation | undefined,
): RelativeError | undefined {
  if (pooled === undefined) return undefined;
  const [one, other] = [meanError(before, pooled), meanError(after, pooled)];
  if (one === undefined || other === undefined) return undefined;
  return {
    ratio: Math.hypot(one.ratio, other.ratio),
    degrees: Math.min(one.degrees, other.degrees),
  };
}

/** The r per side for which t at the level and at the power together stay below limit ÷ standard error. */
function moreRuns(
  error: RelativeError,
  before: number,
  after: number,
  limit: number,
  level: number,
): number | undefined {
  const perRun = error.ratio / Math.sqrt(1 / before + 1 / after);
  const present = Math.min(before, after);
  for (let runs = present + 1; runs <= MAX_RUNS; runs++) {
    const degrees = Math.max(error.degrees, 2 * runs - 2);
    const reach = studentT((1 + level) / 2, degrees) + studentT(POWER, degrees);
    if (reach * perRun * Math.sqrt(2 / runs) <= limit) return runs - present;
  }
  return undefined;
}
