/**
 * The half of the analyser without plots and reports: it loads in a tenth of the time and memory.
 * @module @slbench/analyzer/logs
 */

export { SlbenchError, type SlbenchErrorOptions } from "@slbench/client/error";
export type { ReplicaCounts, ReplicaLog, ReplicaUse } from "./analysis/replica-log.ts";
export { type Analysis, analyze, type LogInput, SUMMARY_SCHEMA, type Summary } from "./analyze.ts";
export { parseThreadName } from "./clients/thread-name.ts";
export type { ClockReading, WorkerClock } from "./clocks/align-clients.ts";
export {
  type Condition,
  cellFolderName,
  conditionKey,
  conditionOf,
  describeCondition,
  isClosedLoop,
} from "./core/condition.ts";
export { formatCount, formatDecimals, formatPercent, formatSeconds, formatUsers } from "./core/format.ts";
export { describeHostChange, type HostChange } from "./core/host-change.ts";
export { printable } from "./core/printable.ts";
export { findRejection, formatRejection, type Rejection, sharedRejection } from "./core/rejection.ts";
export type { RequestRow } from "./core/request-row.ts";
export type { Sample } from "./core/sample.ts";
export { alignLeft, alignRight, columnWidths } from "./core/text-columns.ts";
export { describeWarning, type SkippedInput, type Warning } from "./core/warnings.ts";
export type { Expression } from "./expression/expression.ts";
export { parseExpression } from "./expression/parse.ts";
export { renderExpression } from "./expression/render.ts";
export { FIND_SCHEMA } from "./finding/schema.ts";
export { checkTimeOptions, type TimeOptions } from "./jtl/time-stamps.ts";
export type { ApdexLimits } from "./log/apdex.ts";
export type { ErrorType } from "./log/error-types.ts";
export { JtlReader } from "./log/jtl-reader.ts";
export type { LabelSummary, SampleFigures } from "./log/label-figures.ts";
export type { Log, LogOptions } from "./log/log.ts";
export { parseJtl } from "./log/parse-jtl.ts";
export { readLog, unzipped } from "./log/read-log.ts";
export { readSamples } from "./log/read-samples.ts";
export { renderGroups } from "./report/groups.ts";
export { describeError, renderErrors, renderLabels } from "./report/labels.ts";
export { renderTable } from "./report/table.ts";
export { renderJunit, renderMarkdown, renderThresholds } from "./report/thresholds.ts";
export type { RequestRows } from "./rows/columns.ts";
export { renderRequestsCsv } from "./rows/csv.ts";
export { parseFilter } from "./rows/filter.ts";
export { GROUPINGS, type Grouping, groupRequests, type RequestGroup } from "./rows/groups.ts";
export { allRequestRows, measuredRows, requestRows, sampleRows } from "./rows/rows.ts";
export type { RunPart, Selection } from "./rows/selection.ts";
export { combineOffsets, offsetFromServer } from "./stats/clock-offset.ts";
export { compareRuns, DEFAULT_MARGIN, type RunComparison } from "./stats/compare-runs.ts";
export { compareShares, type ShareVerdict } from "./stats/compare-shares.ts";
export type { Statistic } from "./stats/describe.ts";
export type { Interval } from "./stats/interval.ts";
export { mean } from "./stats/mean.ts";
export { quantileOfUnsorted } from "./stats/quantile.ts";
export { QUANTILE_KINDS, type QuantileKind } from "./stats/quantile-kind.ts";
export { type RunDeviation, runDeviation } from "./stats/run-deviation.ts";
export type { RunFigure } from "./stats/run-figure.ts";
export type { CellSummary } from "./summary/cell.ts";
export type { FunctionCpu, FunctionCpuTime } from "./summary/function-cpu.ts";
export { changesOf, type RunChange, type RunSummary } from "./summary/run-summary.ts";
export { BUSY_RATIO, type CellLoad, type GeneratorLoad, isGeneratorSaturated } from "./summary/saturation.ts";
export { checkPlainLogs } from "./thresholds/check-plain-logs.ts";
export { runsOfAnalysis } from "./thresholds/judge.ts";
export {
  checkThresholds,
  parseThreshold,
  type Threshold,
  type ThresholdResult,
} from "./thresholds/threshold.ts";
