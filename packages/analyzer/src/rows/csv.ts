import type { RequestRow } from "../core/request-row.ts";
import { columnsOf } from "./columns.ts";

const ROWS_AT_ONCE = 10_000;

/**
 * requests.csv in pieces, as millions of rows are longer than a string may be: RFC 4180 with \n, a header, an empty
 * field for unknown values; numbers as JavaScript writes them. A text that a spreadsheet would run as a formula gets
 * an apostrophe in front, and so does a text that already looks like that. @see OWASP, CSV Injection
 *
 * @example
 * ```ts
 * [...renderRequestsCsv([])].join("").startsWith("cell,users,"); // true
 * ```
 */
export function* renderRequestsCsv(rows: Iterable<RequestRow>): Generator<string, void, undefined> {
  const columns = columnsOf(rows);
  yield `${columns.map(({ name }) => field(name)).join(",")}\n`;
  let piece: string[] = [];
  for (const row of rows) {
    piece.push(`${columns.map(({ of }) => field(of(row))).join(",")}\n`);
    if (piece.length < ROWS_AT_ONCE) continue;
    yield piece.join("");
    piece = [];
  }
  if (piece.length > 0) yield piece.join("");
}

/** The beginning of a formula, full-width forms included, and what spreadsheets skip in front of one. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/u;

function field(value: string | number | boolean | undefined): string {
  if (value === undefined) return "";
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
