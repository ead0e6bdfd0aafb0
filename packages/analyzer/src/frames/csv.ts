import type { FrameRow } from "../frame-row.ts";
import { COLUMN_NAMES } from "./columns.ts";

const ROWS_AT_ONCE = 10_000;

/**
 * frames.csv in pieces, as millions of rows are longer than a string may be: RFC 4180 with \n, a header, an empty
 * field for what is not known; numbers as JavaScript has them.
 */
export function* renderFramesCsv(rows: readonly FrameRow[]): Generator<string, void, undefined> {
  yield `${COLUMN_NAMES.join(",")}\n`;
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const piece = rows.slice(from, from + ROWS_AT_ONCE);
    yield piece.map((row) => `${COLUMN_NAMES.map((name) => field(row[name])).join(",")}\n`).join("");
  }
}

function field(value: FrameRow[keyof FrameRow]): string {
  if (value === undefined) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
