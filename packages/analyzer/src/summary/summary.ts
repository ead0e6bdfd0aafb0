import type { SkippedInput, Warning } from "../core/warnings.ts";
import type { LabelSummary } from "../log/label-values.ts";
import type { Selection } from "../rows/selection.ts";
import type { CellSummary } from "./cell.ts";

export const SUMMARY_SCHEMA = "slbench.summary/2";

/** summary.json. */
export interface Summary {
  readonly schema: typeof SUMMARY_SCHEMA;
  /** Where the figures are not of all requests. */
  readonly selection?: Selection & { readonly requestsLeftOut: number };
  /** What detected the faces, as the answers said: `native`, `wasm`, `none`; empty where they did not say. */
  readonly backends: readonly string[];
  readonly cells: readonly CellSummary[];
  /** Logs without clients' reports, of any JMeter: figures per label and number of threads. */
  readonly labels: readonly LabelSummary[];
  /** Whether all of the input was used: nothing is in `lost`. */
  readonly complete: boolean;
  readonly warnings: readonly Warning[];
  readonly lost: readonly SkippedInput[];
}
