export { SlbenchError, type SlbenchErrorOptions } from "@slbench/client/error";
export { type Analysis, analyze, type LogInput, SUMMARY_SCHEMA, type Summary } from "./analyze.ts";
export type { ClientRun } from "./client-run.ts";
export { AnalyzerError } from "./errors.ts";
export type { Expression } from "./expression/expression.ts";
export { parseExpression } from "./expression/parse.ts";
export { renderExpression } from "./expression/render.ts";
export { parseJtl } from "./jtl/parse.ts";
export { distributionFigures } from "./plot/distribution.ts";
export type { ReportFigure } from "./plot/figure.ts";
export {
  type ModelPlotInput,
  modelLegend,
  modelRoundTrip,
  modelThroughput,
  renderModelPlot,
} from "./plot/model-plot.ts";
export {
  type OverUsers,
  overUsersFigure,
  renderResultsOverUsers,
  roundTripOverUsers,
  successOverUsers,
  throughputOverUsers,
} from "./plot/over-users.ts";
export { gridUsers, type MeasuredCell, requestGrids } from "./plot/request-grid.ts";
export { forPaper } from "./plot/svg.ts";
export { timePartsFigure } from "./plot/time-parts.ts";
export { timelineFigure } from "./plot/timeline.ts";
export * from "./queueing/index.ts";
export { type ReportContext, renderHtml } from "./report/html.ts";
export { type Serving, type ServingLimits, servedUsers, servingLimits } from "./report/serving.ts";
export { renderTable } from "./report/table.ts";
export type { RequestRow } from "./request-row.ts";
export type { Sample } from "./sample.ts";
export { type Comparison, compare } from "./stats/compare.ts";
export type { Statistic } from "./stats/describe.ts";
export type { CellSummary, Condition } from "./summary/cell.ts";
export { describeWarning, type SkippedInput, type Warning } from "./warnings.ts";
