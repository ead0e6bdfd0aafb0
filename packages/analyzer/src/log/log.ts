import { ClientRun } from "../clients/client-run.ts";
import { readClientRun } from "../clients/read-client.ts";
import { RequestTable } from "../columns/request-table.ts";
import type { ReportedSample } from "../core/sample.ts";
import { timesImplausible, timesMissing, timesPause } from "../core/warning-catalogue.ts";
import type { SkippedInput, Warning } from "../core/warnings.ts";
import { copyBatch, type RowBatch, sampleAt } from "../jtl/row-batch.ts";
import type { SampleSink } from "../jtl/sink.ts";
import type { TimeOptions } from "../jtl/time-stamps.ts";
import type { BlockData } from "./block-reader.ts";
import { JtlReader } from "./jtl-reader.ts";
import type { LabelValues } from "./label-values.ts";
import { LogCounts } from "./log-counts.ts";
import type { CsvFormat } from "./log-format.ts";
import type { LogSeries } from "./log-series.ts";
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
  /** The samples of a log without reports over time, if `keepSeries` was set. */
  readonly series?: LogSeries;
}

export interface LogOptions extends TimeOptions {
  /** Columns of a CSV log without header, if given. */
  readonly columns?: readonly string[];
  /** Keep the samples of a log without reports, 25 bytes each: filters and rows need them. */
  readonly keepSamples?: boolean;
  /** Keep how the samples of a log without reports lie in time: a report of it needs that. */
  readonly keepSeries?: boolean;
  /** Keep of clients' requests what figures need and no more: neither rows nor selections can be made of them. */
  readonly figuresOnly?: boolean;
}

/** A log without reports and with more samples is not of clients; its samples are not kept. */
const MAX_SINGLE = 10_000;
/** Shorter pauses, and those of a few samples, may be a part of the test. */
const MIN_GAP_MS = 600_000;
const MIN_GAP_SAMPLES = 20;

/** Sums up a log while it is read, without keeping more of it than what its clients reported. */
export class LogReader {
  readonly #source: string;
  readonly #reader: JtlReader;
  readonly #sink: SampleSink;
  readonly #counts: LogCounts;
  readonly #requests: RequestTable;
  #table: SampleTable | undefined;
  /** Bare samples and rows become clients at the end: in a longer log, none of them does. */
  #clients: (ClientRun | ReportedSample | RowBatch)[] = [];
  #hasReports = false;
  #unkept = 0;

  /** @throws {SlbenchError} JTL_TIME_ZONE, JTL_TIME_FORMAT */
  constructor(
    source: string,
    { keepSamples = false, keepSeries = false, figuresOnly = false, ...options }: LogOptions = {},
  ) {
    this.#source = source;
    this.#sink = {
      take: (sample) => this.#add(sample),
      needsMessages: true,
      ...(!keepSamples && { count: (batch) => this.#addRows(batch) }),
    };
    this.#counts = new LogCounts({ keepSeries });
    this.#requests = new RequestTable({ figuresOnly });
    if (keepSamples) this.#table = new SampleTable();
    this.#reader = new JtlReader({ source, responseData: "reports", ...options }, this.#sink);
  }

  /** @throws {SlbenchError} JTL_NOT_A_JTL */
  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  /** How the log is written, if the rest of it can be read in blocks: no more is kept of it than counts. */
  get blockFormat(): CsvFormat | undefined {
    const isKept = this.#hasReports || this.#table !== undefined;
    const format = isKept || this.#counts.rows <= MAX_SINGLE ? undefined : this.#reader.blockFormat;
    return format && { ...format, keepSeries: this.#counts.needsDetails };
  }

  /**
   * Adds a block that was read elsewhere.
   * @returns false: it is not what comes next, so its bytes must be pushed instead
   */
  take(block: BlockData): boolean {
    if (this.blockFormat === undefined || !this.#reader.pass(block)) return false;
    this.#counts.join(block.counts);
    return true;
  }

  /** @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL */
  end(): Log {
    const skipped = [...this.#reader.end()];
    if (this.#hasReports && this.#unkept > 0) {
      const reason = "samples before the first client's report: they are not among the clients";
      skipped.push({ source: this.#source, position: "the beginning", reason, count: this.#unkept });
    }
    const { labels, samples, threads, summed, series } = this.#counts;
    const timeWarnings = [...this.#settleTimes(labels), ...this.#gapWarning()];
    return {
      clients: this.#clients.flatMap((one) => this.#clientsOf(one)),
      hasReports: this.#hasReports,
      ...{ samples, labels, threads, skipped },
      warnings: [...this.#reader.warnings, ...timeWarnings],
      ...(summed.rows > 0 && { summed }),
      ...(this.#table !== undefined && { table: this.#table }),
      ...(series !== undefined && { series }),
    };
  }

  /** Most samples decide whether times are moments or a clock that began at 0; the others' times are left out. */
  #settleTimes(labels: readonly LabelValues[]): readonly Warning[] {
    const times = labels.map((values) => values.times);
    const epoch = sum(times.map((one) => one.epoch));
    const other = sum(times.map((one) => one.other));
    const isEpoch = epoch > 0 && epoch >= other;
    for (const values of labels) values.useTimes(isEpoch);
    this.#counts.useTimes(isEpoch);
    this.#table?.useTimes(isEpoch);
    const firsts = times.flatMap(({ firstOtherMs }) => firstOtherMs ?? []);
    const without = this.#counts.samples - epoch - other;
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

  /** JMeter appends to a log that exists, so that two runs may look like one with a low rate. */
  #gapWarning(): readonly Warning[] {
    const gap = this.#counts.longestGap;
    if (gap === undefined || this.#hasReports || this.#counts.samples < MIN_GAP_SAMPLES) return [];
    const gapMs = gap.toMs - gap.fromMs;
    return gapMs >= MIN_GAP_MS && gapMs > gap.spanMs / 2 ? [timesPause(this.#source, gap)] : [];
  }

  #clientsOf(one: ClientRun | ReportedSample | RowBatch): ClientRun | readonly ClientRun[] {
    if (one instanceof ClientRun) return one;
    if (!("rows" in one)) return readClientRun(one, 1, this.#requests);
    return Array.from({ length: one.rows }, (_, row) => readClientRun(sampleAt(one, row), 1, this.#requests));
  }

  /** Rows of CSV hold no reports. */
  #addRows(batch: RowBatch): void {
    this.#counts.count(batch);
    const isKept = this.#counts.rows <= MAX_SINGLE;
    this.#sink.needsMessages = isKept;
    if (isKept) this.#clients.push(copyBatch(batch));
    else this.#clients = [];
  }

  #add(sample: ReportedSample): void {
    this.#counts.take(sample);
    this.#table?.add(sample);
    const { rows } = this.#counts;
    const isBare = sample.responseData === undefined && sample.report === undefined;
    if (!this.#hasReports && rows > MAX_SINGLE) {
      this.#clients = [];
      if (isBare) return;
    }
    const client = isBare ? sample : readClientRun(sample, 1, this.#requests);
    if (client instanceof ClientRun && client.hasReport && !this.#hasReports) {
      this.#hasReports = true;
      this.#table = undefined;
      this.#unkept = rows - this.#clients.length - 1;
    }
    if (this.#hasReports || rows <= MAX_SINGLE) this.#clients.push(client);
    this.#sink.needsOutput = this.#hasReports || rows < MAX_SINGLE;
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
