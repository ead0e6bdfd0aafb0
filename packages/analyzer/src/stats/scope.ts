/**
 * What an interval speaks about. `between runs`: where the figure lies if the run is repeated. `within this run`:
 * only how well this one run shows its own long-run figure; another run may lie outside.
 */
export type Scope = "between runs" | "within this run";

/**
 * The lowest share of 95% intervals within one run that contained the true figure, over all simulated hosts of
 * docs/calibration.md. No method tried does better: a run of 30 s may contain no slow phase, or three.
 */
export const MIN_ONE_RUN_COVERAGE = 0.83;

/**
 * The level of the one-sided bound behind a verdict on a time limit. A verdict from a single run uses a fifth of the
 * allowed error, because the parts of a run are correlated: on simulated hosts, bounds of 0.95 gave up to 20% wrong
 * verdicts and bounds of 0.99 up to 6%. Hosts with slow phases are the exception, since a run may not contain any
 * (docs/calibration.md).
 *
 * @param level of the verdict
 *
 * @example
 * ```ts
 * boundLevel(0.95, 1).toFixed(2); // "0.99"
 * boundLevel(0.95, 3); // 0.95
 * ```
 */
export function boundLevel(level: number, runs: number): number {
  return runs === 1 ? 1 - (1 - level) / 5 : level;
}
