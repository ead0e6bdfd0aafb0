export { type Analysis, analyze, type LogInput, SUMMARY_SCHEMA, type Summary } from "./analyze.ts";
export type { ClientRun } from "./client-run.ts";
export { AnalyzerError } from "./errors.ts";
export { type ReportContext, renderHtml } from "./report/html.ts";
export { renderTable } from "./report/table.ts";
export type { Sample } from "./sample.ts";
export type { Statistic } from "./stats/describe.ts";
export type { CellSummary, Condition } from "./summary/cell.ts";
export type { Loss, Warning } from "./warnings.ts";
