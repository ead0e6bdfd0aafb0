import { figureWithScope } from "./figure-with-scope.ts";
import { CONFIDENCE_LEVEL } from "./interval.ts";
import type { LimitVerdict } from "./judge-quantile.ts";
import { moreValues } from "./more-values.ts";
import { toRunMean } from "./run-figure.ts";
import { boundLevel } from "./scope.ts";
import type { Values } from "./values.ts";

/**
 * Whether a mean is at most a limit: it passes if its one-sided upper bound is, fails if its lower bound is above,
 * else it is undecided. Two runs alone decide nothing: there is no second test as for a quantile, judgeQuantile().
 *
 * @param runs each one's values in order of time
 * @param level of each verdict; one run takes a stricter one, boundLevel()
 *
 * @example
 * ```ts
 * judgeMean([[0.9], [1], [1.1]], 2).verdict; // "passes"
 * ```
 */
export function judgeMean(runs: readonly Values[], limit: number, level = CONFIDENCE_LEVEL): LimitVerdict {
  const means = runs.flatMap((values) => toRunMean(values) ?? []);
  const twoSided = 2 * boundLevel(level, means.length) - 1;
  const figure = figureWithScope(means, { level: twoSided });
  if (figure === undefined) return { verdict: "undecided" };
  const { interval } = figure;
  if (interval === undefined) return { verdict: "undecided", figure };
  if (interval.high <= limit) return { verdict: "passes", figure };
  if (interval.low > limit) return { verdict: "fails", figure };
  const total = runs.reduce((sum, { length }) => sum + length, 0);
  const more = moreValues(figure, limit, total, twoSided);
  return { verdict: "undecided", figure, ...(more !== undefined && { moreValues: Math.max(1, more) }) };
}
