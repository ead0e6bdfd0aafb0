import { type ClientReport, REPORT_SCHEMA, type RequestResult } from "./report.ts";
import { requestFault } from "./rows.ts";
import { parseTextBlocks, type TextBlocks } from "./text-blocks.ts";

/** What was found in a client's output. */
export type ParsedReport =
  | { readonly kind: "json"; readonly report: ClientReport; readonly problems: readonly string[] }
  | { readonly kind: "text"; readonly blocks: TextBlocks; readonly problems: readonly string[] }
  | { readonly kind: "none"; readonly problems: readonly string[] };

/**
 * Reads a client's output, even among other text: the JSON line if it is complete, otherwise the older blocks,
 * even if they are truncated. `problems` lists what is missing or torn.
 */
export function parseReport(text: string): ParsedReport {
  const problems: string[] = [];
  const json = findJsonLine(text, problems);
  if (json !== undefined) return { kind: "json", report: json, problems };
  const blocks = parseTextBlocks(text, problems);
  return blocks === undefined ? { kind: "none", problems } : { kind: "text", blocks, problems };
}

function findJsonLine(text: string, problems: string[]): ClientReport | undefined {
  const marker = text.lastIndexOf('{"schema":"slbench.client-report/');
  if (marker < 0) return undefined;
  const end = text.indexOf("\n", marker);
  const line = text.slice(marker, end < 0 ? undefined : end).trimEnd();
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    problems.push(`the JSON line is torn after ${line.length} characters`);
    return undefined;
  }
  const fault = findReportFault(value);
  if (fault !== undefined) {
    problems.push(fault);
    return undefined;
  }
  return value as ClientReport;
}

/** Why a value is no report of this version; undefined if it is one. */
function findReportFault(value: unknown): string | undefined {
  const report = value as Partial<ClientReport>;
  if (report.schema !== REPORT_SCHEMA)
    return `the JSON line has schema "${report.schema}", not "${REPORT_SCHEMA}"`;
  if (!Array.isArray(report.requests)) return "the JSON line has no requests";
  const wrong = report.requests.findIndex((request: RequestResult) => requestFault(request) !== undefined);
  return wrong < 0
    ? undefined
    : `request ${wrong + 1} of the JSON line ${requestFault(report.requests[wrong])}`;
}
