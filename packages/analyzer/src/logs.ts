/** The half of the analyser without plots and reports: it loads in a tenth of the time and memory. */

export { SlbenchError, type SlbenchErrorOptions } from "@slbench/client/error";
export { type Analysis, analyze, type LogInput, SUMMARY_SCHEMA, type Summary } from "./analyze.ts";
export type { ClockReading, WorkerClock } from "./clocks/align-clients.ts";
export { combineOffsets, offsetFromServer } from "./clocks/offset.ts";
export { AnalyzerError } from "./errors.ts";
export type { Expression } from "./expression/expression.ts";
export { parseExpression } from "./expression/parse.ts";
export { renderExpression } from "./expression/render.ts";
export { renderRequestsCsv } from "./frames/csv.ts";
export { parseFilter } from "./frames/filter.ts";
export { GROUPINGS, type Grouping, groupRequests, type RequestGroup } from "./frames/groups.ts";
export { allRequestRows, requestRows, sampleRows } from "./frames/rows.ts";
export type { Selection } from "./frames/select.ts";
export { JtlReader } from "./jtl/reader.ts";
export type { LabelSummary } from "./read/label-values.ts";
export type { Log, LogOptions } from "./read/log.ts";
export { readLog, unzipped } from "./read/read-log.ts";
export { readSamples } from "./read/read-samples.ts";
export { alignLeft, alignRight, columnWidths } from "./report/columns.ts";
export { renderGroups } from "./report/groups.ts";
export { renderLabels } from "./report/labels.ts";
export { renderTable } from "./report/table.ts";
export { renderJunit, renderMarkdown, renderThresholds } from "./report/thresholds.ts";
export type { RequestRow } from "./request-row.ts";
export type { Sample } from "./sample.ts";
export { type Comparison, compare } from "./stats/compare.ts";
export type { Interval } from "./stats/interval.ts";
export { roundTripRuns } from "./summary/runs.ts";
export type { CellLoad, GeneratorLoad } from "./summary/saturation.ts";
export {
  checkThresholds,
  parseThreshold,
  type Threshold,
  type ThresholdResult,
} from "./thresholds/threshold.ts";
export { describeWarning, type SkippedInput, type Warning } from "./warnings.ts";
