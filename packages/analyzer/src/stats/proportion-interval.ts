import { betaQuantile } from "./beta-quantile.ts";
import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { studentT } from "./student-t.ts";

/** Trials that may resemble each other: a run, or a block of time within one. */
export interface Cluster {
  /** 0..trials. */
  readonly hits: number;
  readonly trials: number;
}

export interface ProportionInterval extends Interval {
  /** Σ hits ÷ Σ trials, 0..1. */
  readonly share: number;
  readonly trials: number;
  /** Independent trials that would say as much; ≤ trials. */
  readonly effectiveTrials: number;
}

/**
 * Interval of a share by Korn and Graubard: Clopper and Pearson's exact binomial interval at the effective number of
 * trials. The design effect is the variance of the ratio Σ hits ÷ Σ trials between clusters (linearised), divided by
 * the binomial one, at least 1; Student's t with clusters − 1 degrees of freedom makes up for how uncertain it is.
 *
 * If all trials are hits, or none is, clusters show no variation and every trial counts.
 *
 * @param level of the two-sided interval; 2 c − 1 gives one-sided bounds of level c
 * @returns undefined if there are no trials, or a share other than 0 and 1 in a single cluster: it does not show
 *   how its trials depend on each other
 * @throws {RangeError} if hits exceed trials or are negative
 * @see Korn and Graubard 1998, Survey Methodology 24(2); Cochran 1977, Sampling Techniques, 6.4
 *
 * @example
 * ```ts
 * proportionInterval([{ hits: 90, trials: 90 }], 0.98)?.low.toFixed(3); // "0.950"
 * ```
 */
export function proportionInterval(
  clusters: readonly Cluster[],
  level = CONFIDENCE_LEVEL,
): ProportionInterval | undefined {
  const { share, trials } = totalOf(clusters);
  const effectiveTrials = share === undefined ? undefined : effective(clusters, share, level);
  if (share === undefined || effectiveTrials === undefined) return undefined;
  return { ...clopperPearson(share, effectiveTrials, level), share, trials, effectiveTrials };
}

/**
 * Clopper and Pearson's interval of a share, also for a number of trials that is not whole.
 * @param share observed, 0..1
 * @param trials > 0
 * @see Clopper and Pearson 1934, Biometrika 26(4)
 */
export function clopperPearson(share: number, trials: number, level = CONFIDENCE_LEVEL): Interval {
  const tail = (1 - level) / 2;
  const hits = share * trials;
  const misses = trials - hits;
  return {
    low: share === 0 ? 0 : betaQuantile(tail, hits, misses + 1),
    high: share === 1 ? 1 : betaQuantile(1 - tail, hits + 1, misses),
  };
}

/** All clusters together; `share` is undefined if there are no trials. */
export function totalOf(clusters: readonly Cluster[]): Cluster & { readonly share: number | undefined } {
  let hits = 0;
  let trials = 0;
  for (const cluster of clusters) {
    if (!(cluster.hits >= 0 && cluster.hits <= cluster.trials))
      throw new RangeError(`${cluster.hits} hits of ${cluster.trials} trials`);
    hits += cluster.hits;
    trials += cluster.trials;
  }
  return { hits, trials, share: trials === 0 ? undefined : hits / trials };
}

/** @param share the clusters' own, or the one whose interval is sought: the deviations are from their own */
export function effective(
  clusters: readonly Cluster[],
  share: number,
  level = CONFIDENCE_LEVEL,
): number | undefined {
  const { share: centre, trials } = totalOf(clusters);
  if (centre === undefined) return undefined;
  if (centre === 0 || centre === 1) return trials;
  const some = clusters.filter((cluster) => cluster.trials > 0);
  if (some.length < 2) return undefined;
  const squares = some.reduce((sum, one) => sum + (one.hits - centre * one.trials) ** 2, 0);
  const variance = ((some.length / (some.length - 1)) * squares) / trials ** 2;
  const designEffect = Math.max(1, (variance * trials) / (share * (1 - share)));
  const upper = (1 + level) / 2;
  const wider = (studentT(upper, some.length - 1) / studentT(upper, trials - 1)) ** 2;
  return trials / Math.max(1, designEffect * wider);
}
