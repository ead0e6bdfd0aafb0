/** The half of the analyser without plots and reports: it loads in a tenth of the time and memory. */
export { type Analysis, analyze, type LogInput, SUMMARY_SCHEMA, type Summary } from "./analyze.ts";
export { AnalyzerError } from "./errors.ts";
export { JtlReader } from "./jtl/reader.ts";
export type { LabelSummary } from "./read/label-values.ts";
export type { Log } from "./read/log.ts";
export { readLog } from "./read/read-log.ts";
export { readSamples } from "./read/read-samples.ts";
export { renderLabels } from "./report/labels.ts";
export { renderTable } from "./report/table.ts";
export type { Sample } from "./sample.ts";
export { type Comparison, compare } from "./stats/compare.ts";
export { renderJunit, renderMarkdown, renderThresholds } from "./thresholds/render.ts";
export {
  checkThresholds,
  parseThreshold,
  type Threshold,
  type ThresholdResult,
} from "./thresholds/threshold.ts";
