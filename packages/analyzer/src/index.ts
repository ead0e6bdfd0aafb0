export { type Analysis, analyze, type LogInput, SUMMARY_SCHEMA, type Summary } from "./analyze.ts";
export type { ClientRun } from "./clients/client-run.ts";
export { type Condition, cellFolderName, conditionKey, describeCondition } from "./core/condition.ts";
export { AnalyzerError } from "./core/errors.ts";
export type { FrameRow } from "./core/frame-row.ts";
export type { Sample } from "./core/sample.ts";
export type { Loss, Warning } from "./core/warnings.ts";
export { parseJtl } from "./log/parse-jtl.ts";
export { distributionFigures } from "./plot/distribution.ts";
export type { ReportFigure } from "./plot/figure.ts";
export { frameGrids, gridUsers, type MeasuredCell } from "./plot/frame-grid.ts";
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
export { forPaper } from "./plot/svg.ts";
export { timePartsFigure } from "./plot/time-parts.ts";
export { timelineFigure } from "./plot/timeline.ts";
export * from "./queueing/index.ts";
export { type ReportContext, renderHtml } from "./report/html.ts";
export { type Serving, type ServingLimits, servedUsers, servingLimits } from "./report/serving.ts";
export { renderTable } from "./report/table.ts";
export { type Comparison, compare } from "./stats/compare.ts";
export type { Statistic } from "./stats/describe.ts";
export type { CellSummary } from "./summary/cell.ts";
