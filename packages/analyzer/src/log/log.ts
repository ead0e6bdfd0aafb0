import type { ClientRun } from "../clients/client-run.ts";
import { readClientRun } from "../clients/read-client.ts";
import { RequestTable } from "../columns/request-table.ts";
import { isTransaction, partsOf, type ReportedSample } from "../core/sample.ts";
import { timesImplausible, timesMissing } from "../core/warning-catalogue.ts";
import type { SkippedInput, Warning } from "../core/warnings.ts";
import type { SampleSink } from "../jtl/sink.ts";
import type { TimeOptions } from "../jtl/time-stamps.ts";
import { JtlReader } from "./jtl-reader.ts";
import { LabelValues } from "./label-values.ts";
import { SampleTable } from "./sample-table.ts";

/** A log: its clients, if it is one of clients, and figures per label. */
export interface Log {
  /** Its samples one by one; without clients' reports only up to MAX_SINGLE of them, else none. */
  readonly clients: readonly ClientRun[];
  /** Whether any sample holds a client's report. */
  readonly hasReports: boolean;
  /** With those that summed-up rows stand for. */
  readonly samples: number;
  readonly labels: readonly LabelValues[];
  /** Different threads, at least 1. */
  readonly threads: number;
  /** Samples that stand for several, and how many those are. */
  readonly summed?: { readonly rows: number; readonly samples: number };
  readonly skipped: readonly SkippedInput[];
  /** What was assumed while it was read. */
  readonly warnings: readonly Warning[];
  /** All samples of a log without reports, if `keepSamples` was set. */
  readonly table?: SampleTable;
}

export interface LogOptions extends TimeOptions {
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
  /** Samples, and the rows or elements that they came in. */
  #samples = 0;
  #rows = 0;
  #unkept = 0;
  #summed = { rows: 0, samples: 0 };
  #lastThread: string | undefined;
  #lastHost = "";
  #last: LabelValues | undefined;

  /** @throws {SlbenchError} JTL_TIME_ZONE, JTL_TIME_FORMAT */
  constructor(source: string, { keepSamples = false, figuresOnly = false, ...options }: LogOptions = {}) {
    this.#source = source;
    this.#requests = new RequestTable({ figuresOnly });
    if (keepSamples) this.#table = new SampleTable();
    this.#reader = new JtlReader({ source, responseData: "reports", ...options }, this.#sink);
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
    const labels = [...this.#labels.values()];
    const timeWarnings = this.#settleTimes(labels);
    return {
      clients: this.#clients,
      hasReports: this.#hasReports,
      samples: this.#samples,
      labels,
      threads: Math.max(1, this.#threads.size),
      skipped,
      warnings: [...this.#reader.warnings, ...timeWarnings],
      ...(this.#summed.rows > 0 && { summed: this.#summed }),
      ...(this.#table !== undefined && { table: this.#table }),
    };
  }

  /** Most samples decide whether times are moments or a clock that began at 0; the others' times are left out. */
  #settleTimes(labels: readonly LabelValues[]): readonly Warning[] {
    const times = labels.map((values) => values.times);
    const epoch = sum(times.map((one) => one.epoch));
    const other = sum(times.map((one) => one.other));
    const isEpoch = epoch > 0 && epoch >= other;
    for (const values of labels) values.useTimes(isEpoch);
    this.#table?.useTimes(isEpoch);
    const firsts = times.flatMap(({ firstOtherMs }) => firstOtherMs ?? []);
    const without = this.#samples - epoch - other;
    return [
      ...(isEpoch && other > 0
        ? [
            timesImplausible(
              this.#source,
              other,
              firsts.reduce((a, b) => Math.min(a, b)),
            ),
          ]
        : []),
      ...(without > 0 && !this.#reader.warnings.some(({ code }) => code === "TIMES_NOT_READ")
        ? [timesMissing(this.#source, without)]
        : []),
    ];
  }

  #add(sample: ReportedSample): void {
    const { timeStampMs, elapsedMs, label, responseCode, threadName, hostname, summedSamples = 1 } = sample;
    const values = this.#count(label, isTransaction(sample), threadName, hostname ?? "");
    for (const { success, sizeBytes, message, count } of partsOf(sample))
      values.add(timeStampMs, elapsedMs, responseCode, success, sizeBytes, message, count);
    this.#samples += summedSamples;
    this.#rows++;
    this.#table?.add(sample);
    if (sample.summedSamples !== undefined) {
      this.#summed.rows++;
      this.#summed.samples += sample.summedSamples;
    }
    if (!this.#hasReports && this.#rows > MAX_SINGLE) {
      this.#clients = [];
      if (sample.responseData === undefined && sample.report === undefined) {
        // Plain rows of CSV hold no reports.
        if (this.#table === undefined) this.#sink.count ??= this.#addPlain.bind(this);
        return;
      }
    }
    const client = readClientRun(sample, 1, this.#requests);
    if (client.hasReport && !this.#hasReports) {
      this.#hasReports = true;
      this.#table = undefined;
      this.#unkept = this.#rows - this.#clients.length - 1;
    }
    if (this.#hasReports || this.#rows <= MAX_SINGLE) this.#clients.push(client);
  }

  #addPlain(
    timeStampMs: number,
    elapsedMs: number,
    label: string,
    responseCode: string,
    threadName: string,
    hostname: string,
    success: boolean,
    sizeBytes: number,
    message: string,
    isTransaction: boolean,
  ): void {
    this.#samples++;
    this.#rows++;
    const values = this.#count(label, isTransaction, threadName, hostname);
    values.add(timeStampMs, elapsedMs, responseCode, success, sizeBytes, message);
  }

  /** Counts the thread, and finds the label's values. */
  #count(label: string, isTransaction: boolean, threadName: string, hostname: string): LabelValues {
    if (this.#last?.label !== label || this.#last.isTransaction !== isTransaction)
      this.#last = this.#label(label, isTransaction);
    if (threadName !== this.#lastThread || hostname !== this.#lastHost) {
      this.#lastThread = threadName;
      this.#lastHost = hostname;
      if (this.#threads.size < MAX_THREADS)
        this.#threads.add(hostname === "" ? threadName : `${hostname}\n${threadName}`);
    }
    return this.#last;
  }

  #label(label: string, isTransaction: boolean): LabelValues {
    const key = isTransaction ? `transaction\n${label}` : label;
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    if (this.#labels.size >= MAX_LABELS && label !== OTHER_LABELS)
      return this.#label(OTHER_LABELS, isTransaction);
    const values = new LabelValues(label, isTransaction);
    this.#labels.set(key, values);
    return values;
  }
}

const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);

/**
 * Reads a log that is at hand as a whole.
 * @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL
 */
export function parseLog(text: string | Uint8Array, source: string, options: LogOptions = {}): Log {
  const reader = new LogReader(source, options);
  reader.push(typeof text === "string" ? new TextEncoder().encode(text) : text);
  return reader.end();
}
