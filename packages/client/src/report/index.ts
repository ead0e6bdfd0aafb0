/** What one virtual user prints and writes, and how it is read. Pure: no files, no clock. */
export { type ParsedJournal, parseJournal, reportOf } from "./parse-journal.ts";
export { type ParsedReport, parseReport } from "./parse-report.ts";
export { renderReport } from "./render-report.ts";
export * from "./report.ts";
export { unfinishedIn } from "./rows.ts";
export type { TextBlocks } from "./text-blocks.ts";
