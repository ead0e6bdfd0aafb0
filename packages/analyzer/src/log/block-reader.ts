import type { Buffer } from "node:buffer";
import type { ReportedSample } from "../core/sample.ts";
import { CsvReader } from "../csv/csv-reader.ts";
import type { LogContext } from "../jtl/log-context.ts";
import type { RowBatch } from "../jtl/row-batch.ts";
import type { SampleSink } from "../jtl/sink.ts";
import { LogCounts, type LogData } from "./log-counts.ts";
import { type CsvFormat, createContext } from "./log-format.ts";
import { readingWarnings } from "./reading-warnings.ts";

/** The samples of a block of bytes, summed up; plain data, which can be sent to another thread. */
export interface BlockData {
  readonly counts: LogData;
  readonly lines: number;
  /** Of its rows. */
  readonly columns: readonly string[];
  /** Codes of the warnings that reading them gave. */
  readonly warnings: readonly string[];
}

/** The memory of a block's tables: it is moved to another thread, not copied. */
export const buffersOf = ({ counts }: BlockData): readonly ArrayBuffer[] =>
  counts.labels.flatMap(({ elapsedMs: { kept, table } }) => [kept.buffer, ...(table ? [table.buffer] : [])]);

/** No block begins with a log's first line. */
const LATER_LINE = 2;

/** Counts samples. */
class BlockSink implements SampleSink {
  readonly needsOutput = false;
  readonly counts: LogCounts;

  constructor({ keepSeries = false }: CsvFormat) {
    this.counts = new LogCounts({ keepSeries });
  }

  take(sample: ReportedSample): void {
    this.counts.take(sample);
  }

  count(batch: RowBatch): void {
    this.counts.count(batch);
  }

  clear(): void {
    this.counts.clear();
  }
}

/**
 * Reads blocks of a log, whole rows from a line's beginning to a line's end, each by itself, so that other
 * threads can do it. Where a row begins can only be assumed: within quotes, a line's beginning may be none.
 * So a block counts only if those before it end where it begins, and if all of it can be read.
 */
export class BlockReader {
  readonly #format: CsvFormat;
  readonly #sink: BlockSink;
  #context: LogContext;
  #reader: CsvReader;

  constructor(format: CsvFormat) {
    this.#format = format;
    this.#sink = new BlockSink(format);
    [this.#context, this.#reader] = this.#begin();
  }

  /** @returns undefined: what the block holds can only be seen if it is read after those before it */
  read(block: Uint8Array): BlockData | undefined {
    const { line } = this.#reader;
    this.#reader.push(block);
    const lines = this.#reader.line - line;
    const { skipped, times } = this.#context;
    // The next block may begin, and is written as this one.
    const isRead = this.#reader.isBetween && this.#reader.columns === this.#format.kind.columns;
    const isWhole = isRead && skipped.list.length === 0 && times.unknown.count === 0;
    const warnings = readingWarnings(this.#context, this.#format).map(({ code }) => code);
    const counts = isWhole ? this.#sink.counts.toData() : undefined;
    this.#sink.clear();
    // What was assumed for this block must not be reported for the next one.
    if (counts === undefined || warnings.length > 0) [this.#context, this.#reader] = this.#begin();
    return counts && { counts, lines, columns: this.#format.kind.columns, warnings };
  }

  #begin(): [LogContext, CsvReader] {
    const context = createContext(this.#format, this.#sink);
    return [context, new CsvReader(this.#format.kind, context, LATER_LINE)];
  }
}

const NEWLINE = 10;

/** Where the last row within some bytes ends; 0: nowhere. */
export const blockEnd = (bytes: Buffer): number => bytes.lastIndexOf(NEWLINE) + 1;
