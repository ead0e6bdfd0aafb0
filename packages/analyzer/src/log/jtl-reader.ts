import { type AnalyzerErrorCode, SlbenchError } from "../core/errors.ts";
import { encodingUnknown } from "../core/warning-catalogue.ts";
import type { SkippedInput, Warning } from "../core/warnings.ts";
import { CsvReader } from "../csv/csv-reader.ts";
import { createTranscoder, detectEncoding, hasOldLineEnds, withNewlines } from "../jtl/encoding.ts";
import type { LogContext } from "../jtl/log-context.ts";
import { Pending } from "../jtl/pending.ts";
import type { SampleSink } from "../jtl/sink.ts";
import { checkTimeOptions, type TimeOptions } from "../jtl/time-stamps.ts";
import { inferTimeUnit } from "../jtl/time-unit.ts";
import { XmlReader } from "../xml/xml-reader.ts";
import type { BlockData } from "./block-reader.ts";
import { type CsvFormat, createContext, type LogFormat } from "./log-format.ts";
import { notALog, refuseUnread } from "./not-a-log.ts";
import { readingWarnings } from "./reading-warnings.ts";
import { HEAD_BYTES, headTimes, sniffJtl } from "./sniff.ts";

export interface JtlOptions extends TimeOptions {
  /** Name for messages. */
  readonly source: string;
  /** Columns of a CSV log without header; absent: inferred from its rows. */
  readonly columns?: readonly string[];
  /**
   * `reports`: the client's report instead of its text; if the report is cut, its text; of other response data,
   * their last lines; default `all`.
   */
  readonly responseData?: "all" | "reports";
}

/**
 * Reads a JMeter log, XML or CSV, recognised by content, from chunks of bytes; memory does not grow with the log.
 * Chunks may be cut anywhere; their buffer may be reused.
 *
 * @example
 * ```ts
 * const labels: string[] = [];
 * const reader = new JtlReader({ source: "inline" }, { take: ({ label }) => labels.push(label) });
 * reader.push(new TextEncoder().encode("timeStamp,elapsed,label,success\n1,250,GET,true\n"));
 * reader.end().length; // 0
 * labels; // ["GET"]
 * ```
 */
export class JtlReader {
  readonly #options: JtlOptions;
  readonly #sink: SampleSink;
  /** Bytes until they show what the log is. */
  readonly #head = new Pending();
  #transcode: ((chunk?: Uint8Array) => Uint8Array) | undefined;
  #opened: OpenedLog | undefined;

  /**
   * @param sink gets every sample, in the log's order
   * @throws {SlbenchError} JTL_TIME_ZONE, JTL_TIME_FORMAT
   */
  constructor(options: JtlOptions, sink: SampleSink) {
    this.#options = options;
    this.#sink = sink;
    checkTimeOptions(options);
  }

  /** @throws {SlbenchError} JTL_NOT_A_JTL */
  push(chunk: Uint8Array): void {
    if (this.#opened !== undefined)
      return void this.#opened.reader.push(this.#transcode === undefined ? chunk : this.#transcode(chunk));
    this.#head.push(chunk);
    if (this.#head.bytes.length >= HEAD_BYTES) this.#open();
  }

  /**
   * @returns what could not be used
   * @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL
   */
  end(): readonly SkippedInput[] {
    const { reader, context } = this.#opened ?? this.#open();
    if (this.#transcode !== undefined) reader.push(this.#transcode());
    reader.end();
    return context.skipped.list;
  }

  /** What was read but needs attention; complete after end(). */
  get warnings(): readonly Warning[] {
    if (this.#opened === undefined) return [];
    const { context, format } = this.#opened;
    return readingWarnings(context, format);
  }

  /** How the log is written, if it can be read in blocks; undefined: that is not known, or it is XML. */
  get blockFormat(): CsvFormat | undefined {
    if (this.#opened === undefined || this.#transcode !== undefined) return undefined;
    const { format, reader } = this.#opened;
    const { kind } = format;
    if (kind.kind === "xml" || reader instanceof XmlReader) return undefined;
    return { ...format, kind: { ...kind, columns: reader.columns } };
  }

  /**
   * Goes on behind a block that was read elsewhere.
   * @returns false: it is not what comes next
   */
  pass({ columns, lines, warnings }: BlockData): boolean {
    const reader = this.#opened?.reader;
    if (!(reader instanceof CsvReader) || !reader.isBetween) return false;
    const known = new Set(this.warnings.map(({ code }) => code));
    if (!warnings.every((code) => known.has(code))) return false;
    if (!isSame(columns, reader.columns)) return false;
    reader.passLines(lines);
    return true;
  }

  #open(): OpenedLog {
    const { source, columns, responseData, timeZone, timestampFormat } = this.#options;
    const read = this.#head.bytes;
    const encoding = detectEncoding(read);
    refuseUnread(source, read, encoding);
    if (encoding !== undefined) this.#transcode = createTranscoder(encoding);
    let bytes = this.#transcode?.(read) ?? read;
    if (hasOldLineEnds(bytes)) {
      const decode = this.#transcode ?? ((chunk = new Uint8Array(0)) => chunk);
      this.#transcode = (chunk) => withNewlines(decode(chunk));
      bytes = withNewlines(bytes);
    }
    const head = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES));
    if (head.trim() === "" && read.length < HEAD_BYTES)
      throw new SlbenchError<AnalyzerErrorCode>("JTL_EMPTY", `${source} is empty`, {
        hint: "check that JMeter ran and wrote to it",
      });
    const kind = sniffJtl(head, columns);
    if (kind === undefined) throw notALog(source, head);
    const times = {
      ...(timeZone !== undefined && { timeZone }),
      ...(timestampFormat !== undefined && { timestampFormat }),
    };
    const format = { source, kind, times, unit: inferTimeUnit(headTimes(head, kind)) };
    const context = createContext(format, this.#sink);
    if (encoding !== undefined && this.#transcode === undefined)
      context.warnings.push(encodingUnknown(source, encoding));
    const reader =
      kind.kind === "xml" ? new XmlReader(context, responseData ?? "all") : new CsvReader(kind, context);
    this.#opened = { format, context, reader };
    reader.push(bytes);
    return this.#opened;
  }
}

/** A log whose kind is known. */
interface OpenedLog {
  readonly format: LogFormat;
  readonly context: LogContext;
  readonly reader: CsvReader | XmlReader;
}

const isSame = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && some.every((one, index) => one === others[index]);
