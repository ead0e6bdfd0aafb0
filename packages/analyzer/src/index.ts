/**
 * The analyser: logs in, figures, reports and a queueing model out. docs/api.md has examples.
 * `@slbench/analyzer/logs` is the half of it without plots, reports and the model: it loads in a tenth of the time.
 */
export type { ClientRun } from "./clients/client-run.ts";
export * from "./logs.ts";
export { answerQuestions, MODEL_SCHEMA, type ModelAnswer, type Questions } from "./model/answer.ts";
export { renderModelText, renderPredictionsCsv } from "./model/render-model.ts";
export { toModelCells } from "./model/to-model-cells.ts";
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
export {
  type DescribedHost,
  describeRun,
  type RunDescription,
  runMethods,
  runTitle,
} from "./report/describe-run.ts";
export { type ReportContext, renderHtml } from "./report/html.ts";
export { type ReportOptions, renderReport } from "./report/render-report.ts";
export { type ReportFigures, reportFigures, timeLimit } from "./report/report-figures.ts";
export { type Serving, type ServingLimits, servedUsers, servingLimits } from "./report/serving.ts";
