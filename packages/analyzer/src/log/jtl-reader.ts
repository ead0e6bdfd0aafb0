import { type AnalyzerErrorCode, SlbenchError } from "../core/errors.ts";
import { encodingUnknown } from "../core/warning-catalogue.ts";
import type { SkippedInput, Warning } from "../core/warnings.ts";
import { CsvReader } from "../csv/csv-reader.ts";
import { createTranscoder, detectEncoding, TextReader } from "../jtl/encoding.ts";
import { FieldReader } from "../jtl/fields.ts";
import type { LogContext } from "../jtl/log-context.ts";
import { Pending } from "../jtl/pending.ts";
import type { SampleSink } from "../jtl/sink.ts";
import { SkippedList } from "../jtl/skipped-list.ts";
import { checkTimeOptions, type TimeOptions, TimeStamps } from "../jtl/time-stamps.ts";
import { inferTimeUnit } from "../jtl/time-unit.ts";
import { XmlReader } from "../xml/xml-reader.ts";
import { notALog } from "./not-a-log.ts";
import { readingWarnings } from "./reading-warnings.ts";
import { HEAD_BYTES, headTimes, type JtlKind, sniffJtl } from "./sniff.ts";

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
  readonly #skipped: SkippedList;
  readonly #warnings: Warning[] = [];
  /** Bytes until they show what the log is. */
  readonly #head = new Pending();
  #transcode: ((chunk?: Uint8Array) => Uint8Array) | undefined;
  #kind: JtlKind | undefined;
  #context: LogContext | undefined;
  #inner: CsvReader | XmlReader | undefined;

  /**
   * @param sink gets every sample, in the log's order
   * @throws {SlbenchError} JTL_TIME_ZONE, JTL_TIME_FORMAT
   */
  constructor(options: JtlOptions, sink: SampleSink) {
    this.#options = options;
    this.#sink = sink;
    this.#skipped = new SkippedList(options.source);
    checkTimeOptions(options);
  }

  /** @throws {SlbenchError} JTL_NOT_A_JTL */
  push(chunk: Uint8Array): void {
    if (this.#inner !== undefined)
      return void this.#inner.push(this.#transcode === undefined ? chunk : this.#transcode(chunk));
    this.#head.push(chunk);
    if (this.#head.bytes.length >= HEAD_BYTES) this.#open();
  }

  /**
   * @returns what could not be used
   * @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL
   */
  end(): readonly SkippedInput[] {
    const reader = this.#inner ?? this.#open();
    if (this.#transcode !== undefined) reader.push(this.#transcode());
    reader.end();
    return this.#skipped.list;
  }

  /** What was read but needs attention; complete after end(). */
  get warnings(): readonly Warning[] {
    if (this.#context === undefined || this.#kind === undefined) return [];
    return readingWarnings(this.#context, this.#kind, this.#options);
  }

  /** The first bytes in UTF-8. */
  #transcodeHead(bytes: Uint8Array): Uint8Array {
    const encoding = detectEncoding(bytes);
    if (encoding === undefined) return bytes;
    this.#transcode = createTranscoder(encoding);
    if (this.#transcode !== undefined) return this.#transcode(bytes);
    this.#warnings.push(encodingUnknown(this.#options.source, encoding));
    return bytes;
  }

  #open(): CsvReader | XmlReader {
    const { source, columns, responseData } = this.#options;
    const read = this.#head.bytes;
    const bytes = this.#transcodeHead(read);
    const head = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES));
    if (head.trim() === "" && read.length < HEAD_BYTES)
      throw new SlbenchError<AnalyzerErrorCode>("JTL_EMPTY", `${source} is empty`, {
        hint: "check that JMeter ran and wrote to it",
      });
    const kind = sniffJtl(head, columns);
    if (kind === undefined) throw notALog(source, head);
    const times = new TimeStamps(this.#options, inferTimeUnit(headTimes(head, kind)));
    const context: LogContext = {
      ...{ source, sink: this.#sink, skipped: this.#skipped, times, texts: new TextReader() },
      warnings: this.#warnings,
      fields: new FieldReader(times, kind.kind === "xml" || kind.delimiter !== ","),
    };
    this.#kind = kind;
    this.#context = context;
    this.#inner =
      kind.kind === "xml" ? new XmlReader(context, responseData ?? "all") : new CsvReader(kind, context);
    this.#inner.push(bytes);
    return this.#inner;
  }
}
