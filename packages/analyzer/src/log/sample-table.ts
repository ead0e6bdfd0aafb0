import type { Outcome } from "@slbench/client/report";
import { NumberColumn } from "../columns/number-column.ts";
import { TextColumn } from "../columns/text-column.ts";
import { isEpochMs } from "../core/epoch.ts";
import type { RequestRow } from "../core/request-row.ts";
import { isTransaction, partsOf, type Sample, workerOf } from "../core/sample.ts";
import { arrivalMicros, commonSpan, type Span } from "../core/time-span.ts";
import { LabelValues } from "./label-values.ts";

/** The row fields that one sample provides. */
export type SampleRow = Omit<RequestRow, "cell" | "users" | "thinkTimeSeconds" | "repetition">;

/** The fields of a row that a sample provides; a log without clients' reports has no others. */
export const SAMPLE_FIELDS: readonly (keyof RequestRow)[] = [
  ...(["cell", "users", "thinkTimeSeconds", "repetition", "worker", "user", "sequence", "label"] as const),
  ...(["startEpochMicros", "roundTripSeconds", "outcome", "status", "receivedBytes", "message"] as const),
];

/** The samples of a log in columns, some 25 bytes each, for figures that cannot be made while a log is read. */
export class SampleTable {
  readonly #labels = new TextColumn();
  readonly #users = new TextColumn();
  readonly #workers = new TextColumn();
  readonly #codes = new TextColumn();
  readonly #messages = new TextColumn();
  readonly #starts = new NumberColumn();
  readonly #elapsed = new NumberColumn();
  readonly #sizes = new NumberColumn();
  readonly #successes = new NumberColumn();
  readonly #sequences = new NumberColumn();
  /** How many samples an entry stands for. */
  readonly #counts = new NumberColumn();
  readonly #transactions = new NumberColumn();
  readonly #lastSequences = new Map<string, number>();
  #length = 0;
  #isEpoch: boolean | undefined;

  get length(): number {
    return this.#length;
  }

  /** A row of several samples, some of them failed, becomes two entries. */
  add(sample: Sample): void {
    const { timeStampMs, elapsedMs, label, threadName, responseCode } = sample;
    const worker = workerOf(sample);
    const thread = `${worker ?? ""}\n${threadName}`;
    const sequence = 1 + (this.#lastSequences.get(thread) ?? 0);
    this.#lastSequences.set(thread, sequence);
    for (const { success, sizeBytes, message, count } of partsOf(sample)) {
      this.#labels.push(label);
      this.#users.push(threadName);
      this.#workers.push(worker);
      this.#codes.push(responseCode);
      this.#messages.push(message || undefined);
      this.#starts.push(timeStampMs ?? Number.NaN);
      this.#elapsed.push(elapsedMs);
      this.#sizes.push(sizeBytes);
      this.#successes.push(Number(success));
      this.#transactions.push(Number(isTransaction(sample)));
      this.#counts.push(count);
      this.#sequences.push(sequence);
      this.#length++;
    }
  }

  /** Which times count, as LabelValues.useTimes(). */
  useTimes(isEpoch: boolean): void {
    this.#isEpoch = isEpoch;
  }

  /** How many samples an entry stands for: its row is repeated as often. */
  count(index: number): number {
    return this.#counts.get(index);
  }

  /** NaN: not known. */
  #startMs(index: number): number {
    const start = this.#starts.get(index);
    return this.#isEpoch === undefined || isEpochMs(start) === this.#isEpoch ? start : Number.NaN;
  }

  /** @param isProcess whether samples of that label are processes */
  row(index: number, isProcess: (label: string) => boolean): SampleRow {
    const label = this.#labels.get(index) as string;
    const worker = this.#workers.get(index);
    const start = this.#startMs(index);
    const code = this.#codes.get(index) as string;
    const message = this.#messages.get(index);
    return {
      ...(worker !== undefined && { worker }),
      user: this.#users.get(index) as string,
      sequence: this.#sequences.get(index),
      label,
      ...(this.#transactions.get(index) === 1 && { isTransaction: true }),
      ...(!Number.isNaN(start) && { startEpochMicros: start * 1000 }),
      roundTripSeconds: this.#elapsed.get(index) / 1000,
      outcome: outcomeOf(code, isProcess(label), this.#successes.get(index) === 1, message ?? ""),
      ...(/^\d+$/.test(code) && { status: Number(code) }),
      receivedBytes: this.#sizes.get(index),
      ...(message !== undefined && { message }),
    };
  }

  /**
   * After each thread's first response, to the first thread's last one, samples without a time left out; undefined if
   * there is no such time.
   */
  steadySpan(): Span | undefined {
    const threads = new Map<string, Span>();
    for (let index = 0; index < this.#length; index++) {
      const arrival = arrivalMicros(this.#startMs(index) * 1000, this.#elapsed.get(index) / 1000);
      if (Number.isNaN(arrival)) continue;
      const thread = `${this.#workers.get(index) ?? ""}\n${this.#users.get(index)}`;
      const known = threads.get(thread);
      threads.set(thread, {
        fromEpochMicros: Math.min(known?.fromEpochMicros ?? arrival, arrival),
        toEpochMicros: Math.max(known?.toEpochMicros ?? arrival, arrival),
      });
    }
    return commonSpan([...threads.values()]);
  }

  /** Figures per label of some of the samples. */
  labelsOf(indices: Iterable<number>): readonly LabelValues[] {
    const labels = new Map<string, LabelValues>();
    for (const index of indices) {
      const label = this.#labels.get(index) as string;
      const isController = this.#transactions.get(index) === 1;
      const key = `${isController}\n${label}`;
      let values = labels.get(key);
      if (values === undefined) {
        values = new LabelValues(label, isController);
        values.useTimes(this.#isEpoch !== false);
        labels.set(key, values);
      }
      const start = this.#startMs(index);
      values.add(
        Number.isNaN(start) ? undefined : start,
        this.#elapsed.get(index),
        this.#codes.get(index) as string,
        this.#successes.get(index) === 1,
        this.#sizes.get(index),
        this.#messages.get(index),
        this.#counts.get(index),
      );
    }
    return [...labels.values()];
  }
}

/** The outcome as clients name it, as far as JMeter's log shows it. */
function outcomeOf(code: string, isProcess: boolean, success: boolean, message: string): Outcome {
  if (isProcess && code !== "0") return "invalid-response";
  if (success) return "ok";
  if (/^[45]\d\d$/.test(code)) return "http-error";
  if (/^\d*$/.test(code)) return "wrong-answer"; // an assertion failed
  if (/time(d )?-?out/i.test(code + message)) return "timeout";
  return /connect|host|route/i.test(code) ? "connect-error" : "connection-closed";
}
