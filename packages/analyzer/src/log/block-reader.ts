import { Buffer } from "node:buffer";
import type { ReportedSample } from "../core/sample.ts";
import { CsvReader } from "../csv/csv-reader.ts";
import type { LogContext } from "../jtl/log-context.ts";
import type { RowBatch } from "../jtl/row-batch.ts";
import type { SampleSink } from "../jtl/sink.ts";
import { XmlReader } from "../xml/xml-reader.ts";
import { LogCounts, type LogData } from "./log-counts.ts";
import { createContext, type LogFormat } from "./log-format.ts";
import { readingWarnings } from "./reading-warnings.ts";

/** The samples of a block of bytes, summed up; plain data, which can be sent to another thread. */
export interface BlockData {
  readonly counts: LogData;
  readonly bytes: number;
  /** Of CSV. */
  readonly lines: number;
  /** Of its rows, if it is CSV. */
  readonly columns: readonly string[];
  /** Codes of the warnings that reading them gave. */
  readonly warnings: readonly string[];
}

/** The memory of a block's tables: it is moved to another thread, not copied. */
export const buffersOf = ({ counts }: BlockData): readonly ArrayBuffer[] =>
  counts.labels.flatMap(({ elapsedMs: { kept, table } }) => [kept.buffer, ...(table ? [table.buffer] : [])]);

/** No block begins with a log's first line. */
const LATER_LINE = 2;

/** Counts samples, and notes whether one may be a client's. */
class BlockSink implements SampleSink {
  readonly needsOutput = false;
  readonly counts: LogCounts;
  hasReports = false;

  constructor({ keepSeries = false }: LogFormat) {
    this.counts = new LogCounts({ keepSeries });
  }

  take(sample: ReportedSample): void {
    if (sample.report !== undefined || (sample.responseData ?? "") !== "") this.hasReports = true;
    this.counts.take(sample);
  }

  count(batch: RowBatch): void {
    this.counts.count(batch);
  }

  clear(): void {
    this.counts.clear();
    this.hasReports = false;
  }
}

/**
 * Reads blocks of a log, whole rows or samples from a line's beginning to a line's end, each by itself, so that other
 * threads can do it. Where a row or sample begins can only be assumed: within quotes, a line's beginning may be none.
 * So a block counts only if those before it end where it begins, and if all of it can be read.
 */
export class BlockReader {
  readonly #format: LogFormat;
  readonly #sink: BlockSink;
  #context: LogContext;
  #reader: CsvReader | XmlReader;

  constructor(format: LogFormat) {
    this.#format = format;
    this.#sink = new BlockSink(format);
    [this.#context, this.#reader] = this.#begin();
  }

  /** @returns undefined: what the block holds can only be seen if it is read after those before it */
  read(block: Uint8Array): BlockData | undefined {
    const line = lineOf(this.#reader);
    this.#reader.push(block);
    const lines = lineOf(this.#reader) - line;
    const { skipped, times } = this.#context;
    const isRead = this.#isAsExpected() && !this.#sink.hasReports;
    const isWhole = isRead && skipped.list.length === 0 && times.unknown.count === 0;
    const warnings = readingWarnings(this.#context, this.#format).map(({ code }) => code);
    const counts = isWhole ? this.#sink.counts.toData() : undefined;
    this.#sink.clear();
    // What was assumed for this block must not be reported for the next one.
    if (counts === undefined || warnings.length > 0) [this.#context, this.#reader] = this.#begin();
    return counts && { counts, bytes: block.length, lines, columns: columnsOf(this.#format), warnings };
  }

  /** Whether the next block may begin, and is written as this one. */
  #isAsExpected(): boolean {
    const reader = this.#reader;
    if (!reader.isBetween) return false;
    return reader instanceof CsvReader
      ? reader.columns === columnsOf(this.#format)
      : reader.hasUsualNames && !reader.isRootOpen;
  }

  #begin(): [LogContext, CsvReader | XmlReader] {
    const { kind } = this.#format;
    const context = createContext(this.#format, this.#sink);
    const reader =
      kind.kind === "xml"
        ? new XmlReader(context, "reports", true)
        : new CsvReader(kind, context, LATER_LINE);
    return [context, reader];
  }
}

const lineOf = (reader: CsvReader | XmlReader) => (reader instanceof CsvReader ? reader.line : 0);

/** Columns of the rows; none if it is XML. */
export const columnsOf = ({ kind }: LogFormat): readonly string[] =>
  kind.kind === "xml" ? NONE : kind.columns;

const NONE: readonly string[] = [];

const NEWLINE = 10;
const SAMPLES = ["<sample ", "<httpSample "].map((tag) => Buffer.from(`\n${tag}`));

/**
 * Where the last block within some bytes may end: behind a row's line end, or before a sample that begins a line.
 * @returns 0: nowhere
 */
export function blockEnd(bytes: Buffer, { kind }: LogFormat): number {
  if (kind.kind === "csv") return bytes.lastIndexOf(NEWLINE) + 1;
  return Math.max(...SAMPLES.map((tag) => bytes.lastIndexOf(tag))) + 1;
}
