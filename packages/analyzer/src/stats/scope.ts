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
