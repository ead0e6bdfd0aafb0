import type { ClientRun } from "../clients/client-run.ts";
import { readClientRun } from "../clients/read-client.ts";
import { RequestTable } from "../columns/request-table.ts";
import type { ReportedSample } from "../core/sample.ts";
import type { SkippedInput } from "../core/warnings.ts";
import type { SampleSink } from "../jtl/sink.ts";
import { JtlReader } from "./jtl-reader.ts";
import { LabelValues } from "./label-values.ts";
import { SampleTable } from "./sample-table.ts";

/** A log: its clients, if it is one of clients, and figures per label. */
export interface Log {
  /** Its samples one by one; without clients' reports only up to MAX_SINGLE of them, else none. */
  readonly clients: readonly ClientRun[];
  /** Whether any sample holds a client's report. */
  readonly hasReports: boolean;
  readonly samples: number;
  readonly labels: readonly LabelValues[];
  /** Different threads, at least 1. */
  readonly threads: number;
  /** Samples that stand for several, and how many those are. */
  readonly summed?: { readonly rows: number; readonly samples: number };
  readonly skipped: readonly SkippedInput[];
  /** All samples of a log without reports, if `keepSamples` was set. */
  readonly table?: SampleTable;
}

export interface LogOptions {
  /** Columns of a CSV log without header, if given. */
  readonly columns?: readonly string[];
  /** Keep the samples of a log without reports, 25 bytes each: filters and rows need them. */
  readonly keepSamples?: boolean;
  /** Keep of clients' requests what figures need and no more: neither rows nor selections can be made of them. */
  readonly figuresOnly?: boolean;
}

/** A log without reports and with more samples is not of clients; its samples are not kept. */
const MAX_SINGLE = 10_000;
const MAX_THREADS = 100_000;
const MAX_LABELS = 10_000;
const OTHER_LABELS = "(other labels)";

/** Sums up a log while it is read, without keeping more of it than what its clients reported. */
export class LogReader {
  readonly #source: string;
  readonly #reader: JtlReader;
  readonly #sink: SampleSink = { take: (sample) => this.#add(sample) };
  readonly #labels = new Map<string, LabelValues>();
  readonly #threads = new Set<string>();
  readonly #requests: RequestTable;
  #table: SampleTable | undefined;
  #clients: ClientRun[] = [];
  #hasReports = false;
  #samples = 0;
  #unkept = 0;
  #summed = { rows: 0, samples: 0 };
  #lastThread: string | undefined;
  #lastHost = "";
  #last: LabelValues | undefined;

  constructor(source: string, { columns, keepSamples = false, figuresOnly = false }: LogOptions = {}) {
    this.#source = source;
    this.#requests = new RequestTable({ figuresOnly });
    if (keepSamples) this.#table = new SampleTable();
    this.#reader = new JtlReader(
      { source, responseData: "reports", ...(columns !== undefined && { columns }) },
      this.#sink,
    );
  }

  /** @throws {SlbenchError} JTL_NOT_A_JTL */
  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  /** @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL */
  end(): Log {
    const skipped = [...this.#reader.end()];
    if (this.#hasReports && this.#unkept > 0) {
      const reason = "samples before the first client's report: they are not among the clients";
      skipped.push({ source: this.#source, position: "the beginning", reason, count: this.#unkept });
    }
    return {
      clients: this.#clients,
      hasReports: this.#hasReports,
      samples: this.#samples,
      labels: [...this.#labels.values()],
      threads: Math.max(1, this.#threads.size),
      skipped,
      ...(this.#summed.rows > 0 && { summed: this.#summed }),
      ...(this.#table !== undefined && { table: this.#table }),
    };
  }

  #add(sample: ReportedSample): void {
    const { timeStampMs, elapsedMs, label, responseCode, threadName, hostname, success, sizeBytes } = sample;
    this.#count(timeStampMs, elapsedMs, label, responseCode, threadName, hostname ?? "", success, sizeBytes);
    this.#table?.add(sample);
    if (sample.summedSamples !== undefined) {
      this.#summed.rows++;
      this.#summed.samples += sample.summedSamples;
    }
    if (!this.#hasReports && this.#samples > MAX_SINGLE) {
      this.#clients = [];
      if (sample.responseData === undefined && sample.report === undefined) {
        // Plain rows of CSV hold no reports.
        if (this.#table === undefined) this.#sink.count ??= (...figures) => this.#count(...figures);
        return;
      }
    }
    const client = readClientRun(sample, 1, this.#requests);
    if (client.hasReport && !this.#hasReports) {
      this.#hasReports = true;
      this.#table = undefined;
      this.#unkept = this.#samples - this.#clients.length - 1;
    }
    if (this.#hasReports || this.#samples <= MAX_SINGLE) this.#clients.push(client);
  }

  #count(
    timeStampMs: number | undefined,
    elapsedMs: number,
    label: string,
    responseCode: string,
    threadName: string,
    hostname: string,
    success: boolean,
    sizeBytes: number,
  ): void {
    this.#samples++;
    if (this.#last?.label !== label) this.#last = this.#label(label);
    this.#last.add(timeStampMs, elapsedMs, responseCode, success, sizeBytes);
    if (threadName === this.#lastThread && hostname === this.#lastHost) return;
    this.#lastThread = threadName;
    this.#lastHost = hostname;
    if (this.#threads.size < MAX_THREADS)
      this.#threads.add(hostname === "" ? threadName : `${hostname}\n${threadName}`);
  }

  #label(label: string): LabelValues {
    const name = this.#labels.has(label) || this.#labels.size < MAX_LABELS ? label : OTHER_LABELS;
    let values = this.#labels.get(name);
    if (values === undefined) {
      values = new LabelValues(name);
      this.#labels.set(name, values);
    }
    return values;
  }
}

/**
 * Reads a log that is at hand as a whole.
 * @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL
 */
export function parseLog(text: string | Uint8Array, source: string, options: LogOptions = {}): Log {
  const reader = new LogReader(source, options);
  reader.push(typeof text === "string" ? new TextEncoder().encode(text) : text);
  return reader.end();
}
