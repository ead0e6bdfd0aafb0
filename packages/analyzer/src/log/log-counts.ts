import { isTransaction, partsOf, type Sample, TRANSACTION_MESSAGE } from "../core/sample.ts";
import type { RowBatch } from "../jtl/row-batch.ts";
import type { SampleSink } from "../jtl/sink.ts";
import { type LabelData, LabelValues } from "./label-values.ts";
import { LogSeries, type SeriesData } from "./log-series.ts";
import { type TimeGap, TimeGapFinder } from "./time-gap.ts";

const MAX_THREADS = 100_000;
const MAX_LABELS = 10_000;
const OTHER_LABELS = "(other labels)";

/** The counts of a log's part as plain data, which can be sent to another thread. */
export interface LogData {
  readonly labels: readonly LabelData[];
  readonly threads: ReadonlySet<string>;
  readonly samples: number;
  readonly rows: number;
  readonly summed: { readonly rows: number; readonly samples: number };
  readonly times: ReturnType<TimeGapFinder["toData"]>;
  /** If it was kept. */
  readonly series?: { readonly requests: SeriesData; readonly transactions: SeriesData };
}

interface KnownTexts {
  readonly texts: readonly string[];
  readonly labels: (LabelValues | undefined)[];
  readonly threads: (true | undefined)[];
}

interface BothSeries {
  readonly requests: LogSeries;
  readonly transactions: LogSeries;
}

const newSeries = (): BothSeries => ({ requests: new LogSeries(), transactions: new LogSeries() });

/** Sums up samples of one log: its labels and threads. */
export class LogCounts implements SampleSink {
  #labels = new Map<string, LabelValues>();
  #threads = new Set<string>();
  #samples = 0;
  #rows = 0;
  #summed = { rows: 0, samples: 0 };
  #times = new TimeGapFinder();
  #lastThread: string | undefined;
  #lastHost = "";
  #last: LabelValues | undefined;
  /** By the index of a text in the batches that come: its label, and whether its thread was counted. */
  #known: KnownTexts = { texts: [], labels: [], threads: [] };
  readonly #sample = {
    ...{ timeStampMs: Number.NaN, elapsedMs: Number.NaN, sizeBytes: Number.NaN, sentBytes: Number.NaN },
    ...{ latencyMs: Number.NaN, connectMs: Number.NaN, activeThreads: Number.NaN },
    ...{ label: "", responseCode: "", success: true },
  };
  /** Of requests, and of transactions, whose time spans that of requests. */
  #series: BothSeries | undefined;

  /** @param options keepSeries: how samples lie in time is kept too */
  constructor({ keepSeries = false }: { readonly keepSeries?: boolean } = {}) {
    if (keepSeries) this.#series = newSeries();
  }

  get needsDetails(): boolean {
    return this.#series !== undefined;
  }

  /** Of requests, or of transactions if there is nothing else; undefined if it was not kept. */
  get series(): LogSeries | undefined {
    const isOfTransactions = this.labels.every(({ isTransaction }) => isTransaction);
    return this.#seriesOf(isOfTransactions);
  }

  get labels(): readonly LabelValues[] {
    return [...this.#labels.values()];
  }

  /** Different threads, at least 1. */
  get threads(): number {
    return Math.max(1, this.#threads.size);
  }

  /** With those that summed-up rows stand for. */
  get samples(): number {
    return this.#samples;
  }

  /** Rows or elements that the samples came in. */
  get rows(): number {
    return this.#rows;
  }

  /** Rows that stand for several samples, and how many those are. */
  get summed(): { readonly rows: number; readonly samples: number } {
    return this.#summed;
  }

  get longestGap(): TimeGap | undefined {
    return this.#times.longest();
  }

  take(sample: Sample): void {
    const { timeStampMs, elapsedMs, label, responseCode, threadName, hostname, summedSamples = 1 } = sample;
    const isController = isTransaction(sample);
    const values = this.#find(label, isController, threadName, hostname ?? "");
    const details = detailsOf(sample);
    values.addDetails(elapsedMs, details.sentBytes, details.latencyMs, details.connectMs, summedSamples);
    for (const { success, sizeBytes, message, count } of partsOf(sample)) {
      values.add(timeStampMs, elapsedMs, responseCode, success, sizeBytes, message, count);
      const own = { elapsedMs, label, responseCode, success, sizeBytes };
      this.#seriesOf(isController)?.add({ ...details, ...own }, count);
    }
    this.#times.add(timeStampMs ?? Number.NaN, elapsedMs);
    this.#samples += summedSamples;
    this.#rows++;
    if (sample.summedSamples === undefined) return;
    this.#summed.rows++;
    this.#summed.samples += sample.summedSamples;
  }

  count(batch: RowBatch): void {
    const { rows, texts, elapsedMs, sizeBytes, success, label, threadName, hostname } = batch;
    if (texts !== this.#known.texts) this.#known = { texts, labels: [], threads: [] };
    const { labels, threads } = this.#known;
    for (let row = 0; row < rows; row++) {
      const message = texts[batch.responseMessage[row] as number] as string;
      const isController = message !== "" && message.startsWith(TRANSACTION_MESSAGE);
      const name = label[row] as number;
      const known = isController ? undefined : labels[name];
      const values = known ?? this.#label(texts[name] as string, isController);
      if (!isController) labels[name] = values;
      const thread = threadName[row] as number;
      const host = hostname[row] as number;
      if (host !== 0) this.#addThread(`${texts[host]}\n${texts[thread]}`);
      else if (threads[thread] !== true) {
        threads[thread] = true;
        this.#addThread(texts[thread] as string);
      }
      const isSuccessful = success[row] === 1;
      values.add(
        batch.timeStampMs[row] as number,
        elapsedMs[row] as number,
        texts[batch.responseCode[row] as number] as string,
        isSuccessful,
        Math.max(0, sizeBytes[row] as number),
        isSuccessful ? "" : texts[batch.failureMessage[row] as number] || message,
      );
      this.#times.add(batch.timeStampMs[row] as number, elapsedMs[row] as number);
      if (this.#series !== undefined) this.#addDetails(values, batch, row);
    }
    this.#samples += rows;
    this.#rows += rows;
  }

  #addDetails(values: LabelValues, batch: RowBatch, row: number): void {
    // One object for all rows: an own one for each costs as much as all the rest.
    const sample = this.#sample;
    sample.timeStampMs = batch.timeStampMs[row] as number;
    sample.elapsedMs = batch.elapsedMs[row] as number;
    sample.label = batch.texts[batch.label[row] as number] as string;
    sample.responseCode = batch.texts[batch.responseCode[row] as number] as string;
    sample.success = batch.success[row] === 1;
    sample.sizeBytes = Math.max(0, batch.sizeBytes[row] as number);
    sample.sentBytes = orNaN(batch.sentBytes[row] as number);
    sample.latencyMs = orNaN(batch.latencyMs[row] as number);
    sample.connectMs = orNaN(batch.connectMs[row] as number);
    sample.activeThreads = orNaN(batch.activeThreads[row] as number);
    values.addDetails(sample.elapsedMs, sample.sentBytes, sample.latencyMs, sample.connectMs);
    this.#seriesOf(values.isTransaction)?.add(sample, 1);
  }

  #seriesOf(isTransaction: boolean): LogSeries | undefined {
    return this.#series?.[isTransaction ? "transactions" : "requests"];
  }

  /** Decides which times the series keep. */
  useTimes(areMoments: boolean): void {
    this.#series?.requests.useTimes(areMoments);
    this.#series?.transactions.useTimes(areMoments);
  }

  /** @returns undefined: there are too many labels, or too much of one, to keep all apart */
  toData(): LogData | undefined {
    const labels = this.labels.map((values) => values.toData());
    if (labels.length >= MAX_LABELS || !labels.every((label) => label !== undefined)) return undefined;
    const { samples, rows, summed } = this;
    const counts = { labels, threads: this.#threads, samples, rows, summed, times: this.#times.toData() };
    if (this.#series === undefined) return counts;
    const [requests, transactions] = [this.#series.requests.toData(), this.#series.transactions.toData()];
    if (requests === undefined || transactions === undefined) return undefined;
    return { ...counts, series: { requests, transactions } };
  }

  /** Begins anew. */
  clear(): void {
    if (this.#series !== undefined) this.#series = newSeries();
    this.#labels = new Map();
    this.#threads = new Set();
    this.#samples = 0;
    this.#rows = 0;
    this.#summed = { rows: 0, samples: 0 };
    this.#times = new TimeGapFinder();
    this.#lastThread = undefined;
    this.#last = undefined;
    this.#known = { texts: [], labels: [], threads: [] };
  }

  /** Adds the samples that come next, as if each had been added here. */
  join({ labels, threads, samples, rows, summed, times, series }: LogData): void {
    if (series !== undefined) {
      this.#series?.requests.joinData(series.requests);
      this.#series?.transactions.joinData(series.transactions);
    }
    for (const data of labels) this.#label(data.label, data.isTransaction).joinData(data);
    for (const thread of threads) this.#addThread(thread);
    this.#times.joinData(times);
    this.#samples += samples;
    this.#rows += rows;
    this.#summed.rows += summed.rows;
    this.#summed.samples += summed.samples;
  }

  /** Counts the thread, and finds the label's values. */
  #find(label: string, isTransaction: boolean, threadName: string, hostname: string): LabelValues {
    if (this.#last?.label !== label || this.#last.isTransaction !== isTransaction)
      this.#last = this.#label(label, isTransaction);
    if (threadName !== this.#lastThread || hostname !== this.#lastHost) {
      this.#lastThread = threadName;
      this.#lastHost = hostname;
      this.#addThread(hostname === "" ? threadName : `${hostname}\n${threadName}`);
    }
    return this.#last;
  }

  #addThread(thread: string): void {
    if (this.#threads.size < MAX_THREADS) this.#threads.add(thread);
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

const orNaN = (value: number) => (value < 0 ? Number.NaN : value);

/** What only some logs tell of a sample; NaN: this one does not. */
const detailsOf = ({ timeStampMs, sentBytes, latencyMs, connectMs, activeThreads }: Sample) => ({
  timeStampMs: timeStampMs ?? Number.NaN,
  sentBytes: sentBytes ?? Number.NaN,
  latencyMs: latencyMs ?? Number.NaN,
  connectMs: connectMs ?? Number.NaN,
  activeThreads: activeThreads ?? Number.NaN,
});
