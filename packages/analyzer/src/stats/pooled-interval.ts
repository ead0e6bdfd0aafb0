import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { mean } from "./mean.ts";
import type { RunDeviation } from "./run-deviation.ts";
import type { RunFigure } from "./run-figure.ts";
import { studentT } from "./student-t.ts";

/** Below this many degrees of freedom the run-to-run deviation itself is too uncertain. */
const MIN_POOLED_DEGREES = 4;

/** A relative standard error with its degrees of freedom. */
export interface RelativeError {
  readonly ratio: number;
  readonly degrees: number;
}

/**
 * How far the figure of one run may lie from the mean over many: the deviation that repeated conditions showed and,
 * if this run knows its own figure less well than those did, the excess. Variances add; Satterthwaite's degrees of
 * freedom.
 *
 * @returns undefined if too few runs were repeated
 * @see Satterthwaite 1946, Biometrics Bulletin 2(6)
 */
function oneRunError(run: RunFigure, pooled: RunDeviation): RelativeError | undefined {
  if (pooled.degrees < MIN_POOLED_DEGREES) return undefined;
  const shared = pooled.ratio ** 2;
  const excess = run.within ? Math.max(0, run.within.ratio ** 2 - pooled.withinRatio ** 2) : 0;
  const variance = shared + excess;
  if (variance === 0) return undefined;
  const degrees = variance ** 2 / (shared ** 2 / pooled.degrees + excess ** 2 / (run.within?.degrees ?? 1));
  return { ratio: Math.sqrt(variance), degrees };
}

/**
 * The same for the mean over a condition's runs.
 *
 * @returns undefined without runs, or if too few runs were repeated
 */
export function meanError(runs: readonly RunFigure[], pooled: RunDeviation): RelativeError | undefined {
  const errors = runs.flatMap((run) => oneRunError(run, pooled) ?? []);
  const variance = mean(errors.map(({ ratio }) => ratio ** 2));
  if (variance === undefined || errors.length < runs.length) return undefined;
  return {
    ratio: Math.sqrt(variance / runs.length),
    degrees: Math.min(...errors.map(({ degrees }) => degrees)),
  };
}

/**
 * Interval of the figure of a condition with too few runs of its own, from the run-to-run deviation of conditions that
 * were repeated: on the scale of logarithms, so that both ends are positive.
 *
 * @param runs of the condition, usually one
 * @returns undefined without runs, if a figure is not positive, or too few runs were repeated
 *
 * @example
 * ```ts
 * pooledInterval([{ value: 2 }], { ratio: 0.03, degrees: 8, withinRatio: 0, betweenRatio: 0.03 })?.low.toFixed(2); // "1.87"
 * ```
 */
export function pooledInterval(
  runs: readonly RunFigure[],
  pooled: RunDeviation,
  level = CONFIDENCE_LEVEL,
): Interval | undefined {
  const centre = mean(runs.map((run) => run.value));
  if (centre === undefined || runs.some((run) => !(run.value > 0))) return undefined;
  const error = meanError(runs, pooled);
  if (error === undefined) return undefined;
  const factor = Math.exp(studentT((1 + level) / 2, error.degrees) * error.ratio);
  return { low: centre / factor, high: centre * factor };
}
