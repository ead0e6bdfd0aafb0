import { columnIndexesOf } from "../jtl/column-indexes.ts";
import type { LogContext } from "../jtl/log-context.ts";
import { PlainRows } from "../jtl/plain-rows.ts";
import { OLD_REPORT, REPORT_NAME } from "./whole-report.ts";
import { FIELD_NAMES } from "./xml-sample.ts";
import { DETAILS } from "./xml-tags.ts";

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

/** What plain samples have; rows that stand for several samples, and with them their errors, are not plain. */
const FIELDS = Object.values(FIELD_NAMES).filter((name) => name !== "ErrorCount");

/** Reads samples with plain values and nothing but response data without reports and details in them. */
export function createPlainSamples(context: LogContext): PlainRows {
  const rows = new PlainRows(context, { words: WORDS });
  rows.setColumns(FIELDS.length, columnIndexesOf(FIELDS));
  return rows;
}
