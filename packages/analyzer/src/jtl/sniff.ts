import { parse } from "csv-parse/sync";
import { type CsvDialect, inferColumns, isHeader } from "./columns.ts";

/** How much of a log is looked at before it is said what it is. */
export const HEAD_BYTES = 65_536;

export type JtlKind = { readonly kind: "xml" } | ({ readonly kind: "csv" } & CsvDialect);

const DELIMITERS = [",", ";", "\t", "|"];
const LINES_TRIED = 100;

/**
 * Tells what a log is from its beginning: XML, or CSV with a header (not necessarily first: the file's beginning
 * may be torn), or CSV rows from which the columns can be told.
 * @param head the first HEAD_BYTES, decoded
 * @param columns the columns of a CSV log without header, where they are given
 * @returns absent where it is no JTL
 */
export function sniffJtl(head: string, columns?: readonly string[]): JtlKind | undefined {
  const isXml = /<(testResults|sample|httpSample)(?=[\s>/])/.test(head);
  if (/^[\s\ufeff\0]*</.test(head)) return isXml ? { kind: "xml" } : undefined;
  const lines = head.split(/\r?\n/, LINES_TRIED).map((line) => line.replace(/^\ufeff/, ""));
  for (const line of lines) {
    const header = readHeader(line);
    if (header !== undefined) return { kind: "csv", ...header };
  }
  if (isXml) return { kind: "xml" };
  for (const line of lines) {
    for (const delimiter of DELIMITERS) {
      const record = recordOf(line, delimiter);
      if (record === undefined) continue;
      if (columns !== undefined && record.length === columns.length)
        return { kind: "csv", delimiter, columns };
      const inferred = columns === undefined ? inferColumns(record) : undefined;
      if (inferred !== undefined) return { kind: "csv", delimiter, columns: inferred };
    }
  }
  return undefined;
}

/** A line of column names; its delimiter is what stands beside `elapsed`. */
function readHeader(line: string): CsvDialect | undefined {
  const [, before, after] = /(?:^|([^A-Za-z"]))"?elapsed(?:"?([^A-Za-z"])|"?$)/.exec(line) ?? [];
  const delimiter = after ?? before;
  const columns = delimiter === undefined ? undefined : recordOf(line, delimiter);
  return delimiter !== undefined && columns !== undefined && isHeader(columns)
    ? { delimiter, columns }
    : undefined;
}

function recordOf(line: string, delimiter: string): readonly string[] | undefined {
  try {
    return (parse(line, { delimiter }) as readonly (readonly string[])[])[0];
  } catch {
    return undefined; // a torn line, or one with a newline in quotes: another one will do
  }
}
