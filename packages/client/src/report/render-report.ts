import type { ClientReport } from "./report.ts";
import { renderTextBlocks } from "./text-blocks.ts";

/** The report as printed: the three lists of older clients, then one line of JSON. */
export function renderReport(report: ClientReport): string {
  return `${renderTextBlocks(report.requests)}\n${JSON.stringify(report)}\n`;
}
