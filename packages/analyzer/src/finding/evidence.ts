import { mean } from "../stats/mean.ts";
import { type Cluster, totalOf } from "../stats/proportion-interval.ts";
import { studentCdf, studentT } from "../stats/student-t.ts";
import type { Side } from "./search-state.ts";

/** Run-to-run standard deviation of a margin, pooled over loads. */
export interface PooledDeviation {
  /** Undefined if no load was repeated. */
  readonly deviation: number | undefined;
  readonly degrees: number;
}

/**
 * Effects to look for, as a variance in squared run-to-run deviations is 1 ÷ this: with 0.2, margins of about two
 * deviations need the fewest runs, and half as large ones hardly more than they must.
 */
const PRECISION = 0.2;
/** Runs that agree to all digits (cut at one time limit) must not count as without error. */
const MIN_DEVIATION = 1e-4;

/**
 * ln of the evidence in runs of one load that the mean margin is above 0 (`pass`) or below 0 (`fail`): the likelihood
 * under a half-normal mixture of effects ÷ that at 0, for margins with a normal distribution of unknown variance.
 *
 * If the mean is on the other side, the evidence exceeds 1 ÷ α at any time with at most probability α, however often
 * it is looked at; and the evidence of independent parts may be multiplied.
 *
 * @param margins of independent runs
 * @param pooled over all loads, these runs included
 * @see Robbins 1970, Annals of Mathematical Statistics 41(5) (normal mixture); Rouder and others 2009, Psychonomic
 *   Bulletin & Review 16(2) (unknown variance); Howard and others 2021, Annals of Statistics 49(2)
 *
 * @example
 * ```ts
 * marginEvidence([0.2, 0.25, 0.22], { deviation: 0.03, degrees: 4 }, "pass").toFixed(1); // "5.5"
 * ```
 */
export function marginEvidence(margins: readonly number[], pooled: PooledDeviation, side: Side): number {
  const n = margins.length;
  if (n === 0 || pooled.deviation === undefined) return 0;
  const average = mean(margins) as number;
  return meanEvidence(side === "pass" ? average : -average, n, pooled.deviation, pooled.degrees);
}

/** The same from the mean of `n` margins. */
export function meanEvidence(average: number, n: number, deviation: number, degrees: number): number {
  const t = (average * Math.sqrt(n)) / Math.max(MIN_DEVIATION, deviation);
  const shrink = PRECISION / (PRECISION + n);
  const ratio = (t * t) / degrees;
  const twoSided =
    0.5 * Math.log(shrink) + ((degrees + 1) / 2) * (Math.log1p(ratio) - Math.log1p(shrink * ratio));
  // Half-normal instead of normal: twice the posterior probability of the right sign.
  const posterior =
    ((t * Math.sqrt(n)) / (n + PRECISION)) *
    Math.sqrt(((degrees + 1) * (n + PRECISION)) / (degrees + shrink * t * t));
  return twoSided + Math.log(2 * Math.max(Number.MIN_VALUE, studentCdf(posterior, degrees + 1)));
}

/** Failure odds that the mixture looks for, as powers of this. */
const ODDS_STEP = Math.sqrt(2);
const ODDS_STEPS = 12;

/**
 * ln of the evidence in runs of one load that the success rate is above its limit (`pass`) or below it (`fail`): the
 * binomial likelihood averaged over rates on that side ÷ that at the limit. Counts are divided by the design effect,
 * because requests of one run resemble each other.
 *
 * @param limit 0..1, without the ends
 * @param designEffect undefined if requests failed, and no load was repeated that shows how runs differ
 * @see Wald 1945, Annals of Mathematical Statistics 16(2) (weight functions)
 *
 * @example
 * ```ts
 * shareEvidence([{ hits: 600, trials: 600 }], 0.99, 1, "pass").toFixed(1); // "5.3"
 * ```
 */
export function shareEvidence(
  runs: readonly Cluster[],
  limit: number,
  designEffect: number | undefined,
  side: Side,
): number {
  const { hits, trials } = totalOf(runs);
  const failures = trials - hits;
  if (trials === 0 || (failures > 0 && designEffect === undefined)) return 0;
  const effect = designEffect ?? 1;
  const at = (1 - limit) / limit;
  const logs = Array.from({ length: ODDS_STEPS }, (_, step) => {
    const odds = at * ODDS_STEP ** (side === "fail" ? step + 1 : -step - 1);
    const failure = odds / (1 + odds);
    return (
      (failures * Math.log(failure / (1 - limit)) + (trials - failures) * Math.log((1 - failure) / limit)) /
      effect
    );
  });
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, one) => sum + Math.exp(one - most), 0) / ODDS_STEPS);
}

/** Pools margins of repeated loads: s² = Σ (x − x̄ of its load)² ÷ Σ (runs − 1). */
export function poolDeviation(byLoad: readonly (readonly number[])[]): PooledDeviation {
  let degrees = 0;
  let squares = 0;
  for (const margins of byLoad) {
    const centre = mean(margins);
    if (centre === undefined) continue;
    degrees += margins.length - 1;
    for (const one of margins) squares += (one - centre) ** 2;
  }
  return { deviation: degrees === 0 ? undefined : Math.sqrt(squares / degrees), degrees };
}

/**
 * How much more runs differ in their failures than independent requests would, at least 1; Student's t makes up for
 * how uncertain that is, as in proportionInterval().
 * @returns undefined if no load with failures was repeated
 */
export function poolDesignEffect(byLoad: readonly (readonly Cluster[])[]): number | undefined {
  let degrees = 0;
  let squares = 0;
  for (const runs of byLoad) {
    const { share } = totalOf(runs);
    if (runs.length < 2 || share === undefined || !(share > 0 && share < 1)) continue;
    degrees += runs.length - 1;
    for (const run of runs)
      squares += (run.hits - share * run.trials) ** 2 / (run.trials * share * (1 - share));
  }
  if (degrees === 0) return undefined;
  return Math.max(1, (squares / degrees) * (studentT(0.975, degrees) / 1.96) ** 2);
}
