/**
 * What an interval speaks about. `between runs`: where the figure lies if the run is repeated. `within this run`:
 * only how well this one run shows its own long-run figure; another run may lie outside.
 */
export type Scope = "between runs" | "within this run";
