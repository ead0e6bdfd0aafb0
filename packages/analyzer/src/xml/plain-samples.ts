import { columnIndexesOf } from "../jtl/column-indexes.ts";
import type { LogContext } from "../jtl/log-context.ts";
import { PlainRows } from "../jtl/plain-rows.ts";
import { REPORT_NAME } from "./whole-report.ts";
import { DETAILS } from "./xml-tags.ts";

/** Begins the lines of reports before they were JSON. */
export const OLD_REPORT = "Elapsed ";

/** The words of an XML log, in the order in which wasm/xml-samples.ts names them. */
const WORDS = [
  REPORT_NAME,
  OLD_REPORT,
  "sample",
  "httpSample",
  "responseData",
  ' class="java.lang.String"',
  ...DETAILS,
];

/** What plain samples have, by the names of CSV columns. */
const FIELDS = [
  "timeStamp",
  "elapsed",
  "label",
  "responseCode",
  "responseMessage",
  "threadName",
  "success",
  "bytes",
  "Hostname",
  "SampleCount",
  "sentBytes",
  "Latency",
  "Connect",
  "allThreads",
];

/** Reads samples with plain values and nothing but response data without reports and details in them. */
export function createPlainSamples(context: LogContext): PlainRows {
  const rows = new PlainRows(context, WORDS);
  rows.expect(FIELDS.length, columnIndexesOf(FIELDS));
  return rows;
}
