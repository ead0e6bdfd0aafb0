import { type AnalyzerErrorCode, SlbenchError } from "../core/errors.ts";
import type { SkippedInput } from "../core/warnings.ts";
import { CsvReader } from "../csv/csv-reader.ts";
import type { SampleSink } from "../jtl/sink.ts";
import { SkippedList } from "../jtl/skipped-list.ts";
import { XmlReader } from "../xml/xml-reader.ts";
import { HEAD_BYTES, sniffJtl } from "./sniff.ts";

export interface JtlOptions {
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
  #head: Uint8Array = new Uint8Array(0);
  #inner: CsvReader | XmlReader | undefined;

  /** @param sink gets every sample, in the log's order */
  constructor(options: JtlOptions, sink: SampleSink) {
    this.#options = options;
    this.#sink = sink;
    this.#skipped = new SkippedList(options.source);
  }

  /** @throws {SlbenchError} JTL_NOT_A_JTL */
  push(chunk: Uint8Array): void {
    if (this.#inner !== undefined) return void this.#inner.push(chunk);
    const head = new Uint8Array(this.#head.length + chunk.length);
    head.set(this.#head);
    head.set(chunk, this.#head.length);
    this.#head = head;
    if (head.length >= HEAD_BYTES) this.#open();
  }

  /**
   * @returns what could not be used
   * @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL
   */
  end(): readonly SkippedInput[] {
    const reader = this.#inner ?? this.#open();
    reader.end();
    return this.#skipped.list;
  }

  #open(): CsvReader | XmlReader {
    const { source, columns, responseData } = this.#options;
    const head = new TextDecoder().decode(this.#head.subarray(0, HEAD_BYTES));
    if (head.trim() === "" && this.#head.length < HEAD_BYTES)
      throw new SlbenchError<AnalyzerErrorCode>("JTL_EMPTY", `${source} is empty`, {
        hint: "check that JMeter ran and wrote to it",
      });
    const kind = sniffJtl(head, columns);
    if (kind === undefined) {
      throw new SlbenchError<AnalyzerErrorCode>(
        "JTL_NOT_A_JTL",
        `${source} is not a log of JMeter: neither XML with testResults nor CSV with time, elapsed and success`,
        {
          hint: "give a file that -l or a listener wrote; name the columns of a CSV file that has no header",
        },
      );
    }
    this.#inner =
      kind.kind === "xml"
        ? new XmlReader(this.#skipped, this.#sink, responseData ?? "all")
        : new CsvReader(kind, this.#skipped, this.#sink);
    this.#inner.push(this.#head);
    this.#head = new Uint8Array(0);
    return this.#inner;
  }
}
