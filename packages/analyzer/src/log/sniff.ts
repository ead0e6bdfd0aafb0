import { type CsvDialect, inferColumns, isHeader, type Reading } from "../csv/columns.ts";
import { splitQuoted } from "../csv/split-quoted.ts";
import { splitRow } from "../csv/split-row.ts";
import { SAMPLE_TAG } from "../xml/xml-tags.ts";

/** Bytes of a log that decide its kind. */
export const HEAD_BYTES = 65_536;

export type JtlKind = { readonly kind: "xml" } | ({ readonly kind: "csv" } & CsvDialect);

const DELIMITERS = [",", ";", "\t", "|"];
const LINES_TRIED = 100;

/**
 * Finds out what a log is from its beginning: XML, CSV with a header (not necessarily first: the file's beginning
 * may be torn), or CSV rows that show their columns.
 * @param head the first HEAD_BYTES, decoded
 * @param columns the columns of a CSV log without header, if given
 * @returns undefined if it is not a JTL
 */
export function sniffJtl(head: string, columns?: readonly string[]): JtlKind | undefined {
  const isXml = /<(testResults|sample|httpSample)(?=[\s>/])/.test(head) || SAMPLE_TAG.test(head);
  if (/^[\s\ufeff\0]*</.test(head)) return isXml ? { kind: "xml" } : undefined;
  const lines = head.split(/\r?\n/, LINES_TRIED).map((line) => line.replace(/^\ufeff/, ""));
  for (const line of lines) {
    const header = columns === undefined ? readHeader(line) : undefined;
    if (header !== undefined) return { kind: "csv", ...header };
  }
  if (isXml) return { kind: "xml" };
  return columnsOf(lines, columns);
}

/** The reading that most rows agree on; an unusual one needs more rows, as any row may be damaged. */
function columnsOf(lines: readonly string[], given: readonly string[] | undefined): JtlKind | undefined {
  const votes = new Map<string, Reading & { readonly delimiter: string; readonly count: number }>();
  for (const line of lines) {
    for (const delimiter of given === undefined ? DELIMITERS : delimitersIn(line)) {
      const record = line.includes(delimiter) ? recordOf(line, delimiter) : undefined;
      if (record === undefined) continue;
      const fits = given === undefined ? inferColumns(record) : { cost: 0, columns: given };
      if (fits?.columns.length !== record.length) continue;
      const key = JSON.stringify([delimiter, fits.columns]);
      votes.set(key, { ...fits, delimiter, count: (votes.get(key)?.count ?? 0) + 1 });
    }
  }
  const [best] = [...votes.values()].sort((a, b) => b.count / (1 + b.cost) - a.count / (1 + a.cost));
  if (best === undefined) return undefined;
  return {
    ...{ kind: "csv", delimiter: best.delimiter, columns: best.columns },
    ...(given === undefined ? { inferred: best.cost > 0 } : { given: true }),
  };
}

/** JMeter allows any character. */
const delimitersIn = (line: string) => new Set(line.match(/[^\w" ]/g));

/** A line of column names; its delimiter is the character beside `elapsed`. */
function readHeader(line: string): CsvDialect | undefined {
  const packed = line.replaceAll(/ *([^\w" ]) */g, "$1").trim();
  const [, before, after] = /(?:^|([^A-Za-z"]))"?elapsed(?:"?([^A-Za-z"])|"?$)/.exec(packed) ?? [];
  const delimiter = after ?? before;
  const columns = delimiter === undefined ? undefined : recordOf(line, delimiter)?.map((name) => name.trim());
  return delimiter !== undefined && columns !== undefined && isHeader(columns)
    ? { delimiter, columns }
    : undefined;
}

/** @returns undefined: a torn line, or one with a newline in quotes: another row decides */
const recordOf = (line: string, delimiter: string) => (line === "" ? undefined : splitRow(line, delimiter));

/** Of a line that is no whole row, such as the first one of a message with newlines. */
const fieldsBeforeQuote = (line: string, delimiter: string): readonly string[] =>
  (line.split('"', 1)[0] as string).split(delimiter).slice(0, -1);

/**
 * The numbers that stand for times in a log's beginning, for inferTimeUnit().
 * @param head the first HEAD_BYTES, decoded
 */
export function headTimes(head: string, kind: JtlKind): readonly number[] {
  if (kind.kind === "xml") return [...head.matchAll(/\sts="(\d+)"/g)].map(([, digits]) => Number(digits));
  const column = kind.columns.indexOf("timeStamp");
  if (column < 0) return [];
  return head
    .split(/\r?\n/, LINES_TRIED)
    .map((line) => splitQuoted(line, kind.delimiter) ?? fieldsBeforeQuote(line, kind.delimiter))
    .map((fields) => fields[column]?.trim() ?? "")
    .filter((field) => /^\d+(\.\d+)?$/.test(field))
    .map(Number);
}
