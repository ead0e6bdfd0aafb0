import type { FrameRow } from "../frame-row.ts";
import { COLUMN_NAMES } from "./columns.ts";

/** frames.csv: RFC 4180 with \n, a header, an empty field for what is not known; numbers as JavaScript has them. */
export function renderFramesCsv(rows: readonly FrameRow[]): string {
  const lines = rows.map((row) => COLUMN_NAMES.map((name) => field(row[name])).join(","));
  return `${[COLUMN_NAMES.join(","), ...lines].join("\n")}\n`;
}

function field(value: FrameRow[keyof FrameRow]): string {
  if (value === undefined) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
