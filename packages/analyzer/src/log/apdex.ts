import type { CountedValues } from "../columns/counted-values.ts";

/** Up to `satisfied` seconds a response satisfies its user, up to `tolerated` seconds the user tolerates it. */
export interface ApdexLimits {
  readonly satisfied: number;
  readonly tolerated: number;
}

/** JMeter's: `jmeter.reportgenerator.apdex_satisfied_threshold` and `apdex_tolerated_threshold`. */
export const DEFAULT_APDEX_LIMITS: ApdexLimits = { satisfied: 0.5, tolerated: 1.5 };

/**
 * The Application Performance Index, 0..1; NaN without samples. A failed sample frustrates its user, however fast it was.
 * @see apdex.org: (satisfied + tolerating ÷ 2) ÷ all
 * @param elapsedMs of all samples @param failedMs of those that failed
 */
export function apdexScore(
  elapsedMs: CountedValues,
  failedMs: CountedValues,
  { satisfied, tolerated }: ApdexLimits,
): number {
  const within = (seconds: number) => {
    const ms = 1000 * seconds;
    return elapsedMs.countUpTo(ms) - failedMs.countUpTo(ms);
  };
  // The tolerating ones are those within the second limit but not within the first: half of both sums.
  return (within(satisfied) + within(tolerated)) / 2 / elapsedMs.count;
}
