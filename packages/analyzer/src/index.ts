/**
 * The analyser: logs in, figures, reports and a queueing model out. docs/api.md has examples.
 * `@slbench/analyzer/logs` is the half of it without plots, reports and the model: it loads in a tenth of the time.
 * @module @slbench/analyzer
 */
export { SlbenchError, type SlbenchErrorOptions } from "@slbench/client/error";
export type { ClientRun } from "./clients/client-run.ts";
export { breakEvenPerSecond, type CellCost, costOfCells } from "./cost/cost-of-cells.ts";
export type { PerUsePrice, Price, PriceSource, ReplicaSize } from "./cost/price.ts";
export * from "./finding/index.ts";
export * from "./logs.ts";
export {
  answerQuestions,
  checkQuestions,
  MODEL_SCHEMA,
  type ModelAnswer,
  type Questions,
} from "./model/answer.ts";
export { renderModelText, renderPredictionsCsv } from "./model/render-model.ts";
export { processorNeedOf, toModelCells } from "./model/to-model-cells.ts";
export type { Chart } from "./plot/chart/chart.ts";
export { fitWidth } from "./plot/chart/fit-width.ts";
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
  type OverLoad,
  overLoadFigure,
  resultsOverLoadChart,
  roundTripOverRate,
  roundTripOverUsers,
  successOverRate,
  successOverUsers,
  throughputOverRate,
  throughputOverUsers,
} from "./plot/over-load/figure.ts";
export { gridUsers } from "./plot/request-grid/data.ts";
export { requestGrids } from "./plot/request-grid/figure.ts";
export { searchFigure } from "./plot/search/figure.ts";
export { timePartsFigure } from "./plot/time-parts/figure.ts";
export { timelineFigure } from "./plot/timeline/figure.ts";
export * from "./queueing/index.ts";
export {
  type DescribedHost,
  describeRun,
  type RunDescription,
  runMethods,
  runTitle,
} from "./report/describe-run.ts";
export { type ReportContext, renderHtml } from "./report/html.ts";
export { addLivePanel, type LivePanel, renderWaitingPage } from "./report/live/live-page.ts";
export type { CurrentCell, LiveCell, LivePoint, LiveResult, LiveState } from "./report/live/live-state.ts";
export { renderLive } from "./report/live/render-live.ts";
export { type LogReportOptions, logReportFigures, renderLogReport } from "./report/log/log-report.ts";
export { type ReportOptions, renderReport } from "./report/render-report.ts";
export { type ReportFigures, reportFigures, timeLimit } from "./report/report-figures.ts";
export { goalThresholds } from "./report/search-limits.ts";
export type { Serving } from "./report/serving/answer.ts";
export { type ServingLimits, servingLimits } from "./report/serving/limits.ts";
export { servedRate, servedUsers } from "./report/serving/served.ts";
export { type Transfer, type TransferOptions, transferCurve } from "./transfer/transfer-curve.ts";
