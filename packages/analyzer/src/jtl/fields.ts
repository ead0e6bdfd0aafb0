import { isGoodCode, type ReportedSample, type Sample } from "../core/sample.ts";
import { type TimeStamps, UNKNOWN_DATE } from "./time-stamps.ts";

/** Makes samples of one log from fields by JMeter's CSV column names. */
export class FieldReader {
  readonly #times: TimeStamps;
  readonly #hasCommas: boolean;
  #firstComma: string | undefined;

  /** @param hasDecimalCommas a comma in a number is a decimal one; false: it may also separate thousands */
  constructor(times: TimeStamps, hasDecimalCommas: boolean) {
    this.#times = times;
    this.#hasCommas = hasDecimalCommas;
  }

  /** The first number with a decimal comma, with its field: `elapsed 100,5`. */
  get firstComma(): string | undefined {
    return this.#firstComma;
  }

  /** A string is the reason why the sample cannot be read. */
  sample(
    fields: Readonly<Record<string, string | undefined>>,
    more: Pick<ReportedSample, "responseData" | "report" | "subSamples"> = {},
  ): ReportedSample | string {
    const stamp = fields.timeStamp?.trim();
    const timeStampMs = stamp === undefined ? UNKNOWN_DATE : this.#times.read(stamp);
    if (timeStampMs === undefined) return `timeStamp is ${shown(stamp)}, not a time`;
    const elapsedMs = this.#number("elapsed", fields.elapsed);
    if (elapsedMs === undefined) return `elapsed is ${shown(fields.elapsed)}, not a number of milliseconds`;
    const code = fields.responseCode ?? "";
    const success =
      fields.success === undefined ? isGoodCode(code) : SUCCESS[fields.success.trim().toLowerCase()];
    if (success === undefined) return `success is ${shown(fields.success)}, neither true nor false`;
    const sample: Changeable<ReportedSample> = {
      ...(typeof timeStampMs === "number" && { timeStampMs }),
      elapsedMs,
      label: fields.label ?? "",
      responseCode: code,
      responseMessage: fields.responseMessage ?? "",
      threadName: fields.threadName ?? "",
      success,
      sizeBytes: this.#number("bytes", fields.bytes) ?? 0,
    };
    if (fields.Hostname) sample.hostname = fields.Hostname;
    if (fields.failureMessage) sample.failureMessage = fields.failureMessage;
    this.#addDetails(sample, fields);
    return Object.assign(sample, more);
  }

  /** What only some logs have. */
  #addDetails(sample: Changeable<Sample>, fields: Readonly<Record<string, string | undefined>>): void {
    const sentBytes = this.#number("sentBytes", fields.sentBytes);
    if (sentBytes !== undefined) sample.sentBytes = sentBytes;
    const latencyMs = this.#number("Latency", fields.Latency);
    if (latencyMs !== undefined) sample.latencyMs = latencyMs;
    const connectMs = this.#number("Connect", fields.Connect);
    if (connectMs !== undefined) sample.connectMs = connectMs;
    const activeThreads = this.#number("allThreads", fields.allThreads);
    if (activeThreads !== undefined) sample.activeThreads = activeThreads;
    const summedSamples = this.#number("SampleCount", fields.SampleCount) ?? 1;
    if (summedSamples <= 1) return;
    sample.summedSamples = summedSamples;
    const errors = this.#number("ErrorCount", fields.ErrorCount);
    if (errors !== undefined) sample.summedErrors = Math.min(errors, summedSamples);
  }

  /** Not negative, no exponent, no sign. */
  #number(field: string, text = ""): number | undefined {
    const whole = wholeNumber(text);
    if (whole !== undefined) return whole;
    const digits = text.trim();
    if (/^\d{1,15}(\.\d+)?$/.test(digits)) return Number(digits);
    if (!(this.#hasCommas ? DECIMAL_COMMA : CLEAR_COMMA).test(digits)) return undefined;
    this.#firstComma ??= `${field} ${digits}`;
    return Number(digits.replace(",", "."));
  }
}

/** What readers fill in step by step: object spreads take three times as long. */
type Changeable<T> = { -readonly [K in keyof T]: T[K] };

const ZERO = 48;
const MAX_DIGITS = 15;

/** The number that a text of nothing but digits stands for, as nearly every number of a log is written. */
function wholeNumber(text: string): number | undefined {
  if (text.length === 0 || text.length > MAX_DIGITS) return undefined;
  let number = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}

const DECIMAL_COMMA = /^\d{1,15},\d+$/;
/** Not three digits after it: the comma may separate thousands. */
const CLEAR_COMMA = /^\d{1,15},(\d{1,2}|\d{4,})$/;

const SUCCESS: Readonly<Record<string, boolean>> = { true: true, false: false };

const shown = (value: string | undefined) =>
  value === undefined ? "missing" : JSON.stringify(value.slice(0, 80));
