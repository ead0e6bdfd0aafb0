// What the page of a log's labels needs. Loaded by import(), so that the bundle loads nothing else of the reports.
export { logReportFigures, renderLogReport } from "@slbench/analyzer";
