export { SlbenchError, type SlbenchErrorOptions } from "@slbench/client/error";
export { type Analysis, analyze, type LogInput, SUMMARY_SCHEMA, type Summary } from "./analyze.ts";
export type { ClientRun } from "./client-run.ts";
export { AnalyzerError } from "./errors.ts";
export type { Expression } from "./expression/expression.ts";
export { parseExpression } from "./expression/parse.ts";
export { renderExpression } from "./expression/render.ts";
export { parseJtl } from "./jtl/parse.ts";
export type { Chart } from "./plot/chart/chart.ts";
export { renderChart } from "./plot/chart/render.ts";
export { distributionFigures } from "./plot/distribution/figure.ts";
export type { FigureTable, MeasuredCell, ReportFigure } from "./plot/figure.ts";
export {
  type ModelPlotInput,
  type ModelQuantity,
  modelRoundTrip,
  modelThroughput,
} from "./plot/model/data.ts";
export { modelChart } from "./plot/model/figure.ts";
export {
  type OverUsers,
  overUsersFigure,
  resultsOverUsersChart,
  roundTripOverUsers,
  successOverUsers,
  throughputOverUsers,
} from "./plot/over-users/figure.ts";
export { gridUsers } from "./plot/request-grid/data.ts";
export { requestGrids } from "./plot/request-grid/figure.ts";
export { timePartsFigure } from "./plot/time-parts/figure.ts";
export { timelineFigure } from "./plot/timeline/figure.ts";
export * from "./queueing/index.ts";
export { parseThreadName } from "./read/thread-name.ts";
export { type ReportContext, renderHtml } from "./report/html.ts";
export { type Serving, type ServingLimits, servedUsers, servingLimits } from "./report/serving.ts";
export { renderTable } from "./report/table.ts";
export type { RequestRow } from "./request-row.ts";
export type { Sample } from "./sample.ts";
export { type Comparison, compare } from "./stats/compare.ts";
export type { Statistic } from "./stats/describe.ts";
export type { CellSummary, Condition } from "./summary/cell.ts";
export { findRejection, formatRejection, type Rejection, sharedRejection } from "./summary/rejection.ts";
export { describeWarning, type SkippedInput, type Warning } from "./warnings.ts";
