import type { SkippedInput, Warning } from "../core/warnings.ts";
import type { ErrorType } from "../log/error-types.ts";
import type { LabelSummary, SampleFigures } from "../log/label-figures.ts";
import type { Selection } from "../rows/selection.ts";
import type { QuantileKind } from "../stats/quantile-kind.ts";
import type { RunDeviation } from "../stats/run-deviation.ts";
import type { CellSummary } from "./cell.ts";

export const SUMMARY_SCHEMA = "slbench.summary/2";

/** summary.json. */
export interface Summary {
  readonly schema: typeof SUMMARY_SCHEMA;
  /** Present if the figures are of some requests only. */
  readonly selection?: Selection & { readonly requestsLeftOut: number };
  /** What detected the faces, as the responses report it: `onnx-int8`, `onnx`, `native`, `wasm`, `none`; empty if they do not. */
  readonly backends: readonly string[];
  readonly cells: readonly CellSummary[];
  /** How much the mean round trips of repeated conditions differ from run to run; absent if none was repeated. */
  readonly runDeviation?: RunDeviation;
  /** Logs without clients' reports, of any JMeter: figures per label and number of threads. */
  readonly labels: readonly LabelSummary[];
  /** All labels of such logs together, transactions left out: one entry per number of threads. */
  readonly totals: readonly SampleFigures[];
  /** Why samples of such logs failed, the most frequent type first. */
  readonly errors: readonly ErrorType[];
  /** How quantiles of such logs are estimated, if not as type 7. */
  readonly quantiles?: QuantileKind;
  /** Whether all of the input was used: nothing is in `skipped`. */
  readonly complete: boolean;
  readonly warnings: readonly Warning[];
  readonly skipped: readonly SkippedInput[];
}
