import { CsvReader } from "../csv/csv-reader.ts";
import type { LogContext } from "../jtl/log-context.ts";
import { LogCounts, type LogData } from "./log-counts.ts";
import { type CsvFormat, createContext } from "./log-format.ts";
import { readingWarnings } from "./reading-warnings.ts";

/** The rows of a block of bytes, summed up; plain data, which can be sent to another thread. */
export interface BlockData {
  readonly counts: LogData;
  /** Of its rows. */
  readonly columns: readonly string[];
  readonly lines: number;
  /** Codes of the warnings that reading them gave. */
  readonly warnings: readonly string[];
}

/** No block begins with a log's first line. */
const LATER_LINE = 2;

/**
 * Reads blocks of a CSV log that begin with a row and end with a line end, each by itself, so that other threads can
 * do it. Where a row begins can only be assumed: within quotes, a line's beginning may be none. So a block counts only
 * if the rows before it end where it begins, and if all of it can be read.
 */
export class BlockReader {
  readonly #format: CsvFormat;
  readonly #counts = new LogCounts();
  #context: LogContext;
  #reader: CsvReader;

  constructor(format: CsvFormat) {
    this.#format = format;
    [this.#context, this.#reader] = this.#begin();
  }

  /** @returns undefined: what the block holds can only be seen if it is read after those before it */
  read(block: Uint8Array): BlockData | undefined {
    const line = this.#reader.line;
    this.#reader.push(block);
    const lines = this.#reader.line - line;
    const { skipped, times } = this.#context;
    const isRead = this.#reader.isBetweenRows && this.#reader.columns === this.#format.kind.columns;
    const isWhole = isRead && skipped.list.length === 0 && times.unknown.count === 0;
    const warnings = readingWarnings(this.#context, this.#format).map(({ code }) => code);
    const counts = isWhole ? this.#counts.toData() : undefined;
    this.#counts.clear();
    // What was assumed for this block must not be reported for the next one.
    if (counts === undefined || warnings.length > 0) [this.#context, this.#reader] = this.#begin();
    return counts && { counts, columns: this.#format.kind.columns, lines, warnings };
  }

  #begin(): [LogContext, CsvReader] {
    const context = createContext(this.#format, this.#counts);
    return [context, new CsvReader(this.#format.kind, context, LATER_LINE)];
  }
}
