import { compareTexts } from "../core/compare-texts.ts";
import { isGoodCode, SUMMED_FAILURE } from "../core/sample.ts";

/** One kind of failure: samples with the same return code and, apart from numbers in it, the same message. */
export interface ErrorType {
  /** `500`, `Non HTTP response code: java.net.SocketTimeoutException`; empty if the log has no codes. */
  readonly code: string;
  /**
   * `assertion`: the response came with a good code, but the plan's assertion refused it; `summed`: failed within rows
   * of several samples, which show neither code nor message.
   */
  readonly kind: "code" | "assertion" | "process" | "summed";
  /** The message of the first such sample; empty if the log has none. */
  readonly message: string;
  readonly count: number;
  /** Of all errors. */
  readonly shareRatio: number;
  /** The samplers that it hit, most often hit first. */
  readonly labels: readonly { readonly label: string; readonly count: number }[];
}

/** Different types that one label keeps; further ones are distinguished by code only. */
const MAX_TYPES = 50;
const MESSAGE_LENGTH = 200;

/** Failures with the same code and, apart from numbers in it, the same message. */
export interface CountedError {
  readonly code: string;
  readonly message: string;
  count: number;
}

/** Counts the failures of one label by code and message. */
export class ErrorCounts {
  readonly #types = new Map<string, CountedError>();
  #lastCode = "";
  #lastMessage = "";
  #last: CountedError | undefined;

  add(code: string, message: string, count: number): void {
    if (this.#last === undefined || code !== this.#lastCode || message !== this.#lastMessage) {
      this.#last = this.#type(code, message);
      this.#lastCode = code;
      this.#lastMessage = message;
    }
    this.#last.count += count;
  }

  merge(other: Iterable<Readonly<CountedError>>): void {
    for (const { code, message, count } of other) this.add(code, message, count);
  }

  /** Whether types were too many to tell them all apart. */
  get isFull(): boolean {
    return this.#types.size >= MAX_TYPES;
  }

  [Symbol.iterator](): Iterator<Readonly<CountedError>> {
    return this.#types.values();
  }

  #type(code: string, message: string): CountedError {
    return (
      this.#known(`${code}\n${kindOfMessage(message)}`, code, message, MAX_TYPES) ??
      this.#known(`${code}\n`, code, "", 2 * MAX_TYPES) ??
      (this.#known(OTHER, OTHER, "", Number.POSITIVE_INFINITY) as CountedError)
    );
  }

  /** @returns undefined: a new type, and `most` are kept already */
  #known(key: string, code: string, message: string, most: number): CountedError | undefined {
    let type = this.#types.get(key);
    if (type === undefined && this.#types.size < most) {
      type = { code, message: message.slice(0, MESSAGE_LENGTH), count: 0 };
      this.#types.set(key, type);
    }
    return type;
  }
}

const OTHER = "other";

/** The same for messages that differ in numbers only: ports, times, identifiers. */
const kindOfMessage = (message: string) => message.slice(0, MESSAGE_LENGTH).replaceAll(/\d+/g, "0");

/** A failure with a good code: an assertion must have refused the response. */
const kindOf = (code: string, message: string) =>
  message === SUMMED_FAILURE ? "summed" : isGoodCode(code) ? "assertion" : "code";

/** The failures of one label. */
export interface LabelErrors {
  readonly label: string;
  readonly isProcess: boolean;
  readonly errors: Iterable<{ readonly code: string; readonly message: string; readonly count: number }>;
}

/** The types of all labels' failures, the most frequent first. */
export function summarizeErrors(labels: Iterable<LabelErrors>): readonly ErrorType[] {
  const types = new Map<string, Omit<ErrorType, "shareRatio" | "labels" | "count"> & Tally>();
  let all = 0;
  for (const { label, isProcess, errors } of labels) {
    for (const { code, message, count } of errors) {
      const kind = isProcess ? "process" : kindOf(code, message);
      const key = `${kind}\n${code}\n${kindOfMessage(message)}`;
      let type = types.get(key);
      if (type === undefined) {
        type = { kind, code, message, counts: new Map() };
        types.set(key, type);
      }
      type.counts.set(label, (type.counts.get(label) ?? 0) + count);
      all += count;
    }
  }
  return [...types.values()]
    .map(({ counts, ...type }) => {
      const hit = [...counts].map(([label, count]) => ({ label, count }));
      const count = hit.reduce((sum, one) => sum + one.count, 0);
      return { ...type, count, shareRatio: count / all, labels: hit.sort((a, b) => b.count - a.count) };
    })
    .sort((a, b) => b.count - a.count || compareTexts(a.code, b.code) || compareTexts(a.message, b.message));
}

interface Tally {
  readonly counts: Map<string, number>;
}
