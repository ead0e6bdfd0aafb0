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
 * The level of a one-sided bound that decides about a time limit: within one run, errors are a fifth as frequent as
 * asked for. Parts of a run know each other: at 0.95, up to 0.20 of the verdicts on simulated hosts were wrong; at
 * 0.99, up to 0.06, but for hosts with slow phases, of which one run may show none (docs/calibration.md).
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
