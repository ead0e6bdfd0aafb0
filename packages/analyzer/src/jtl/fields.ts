import { isGoodCode, type ReportedSample } from "../core/sample.ts";
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
    return {
      ...(typeof timeStampMs === "number" && { timeStampMs }),
      elapsedMs,
      label: fields.label ?? "",
      responseCode: code,
      responseMessage: fields.responseMessage ?? "",
      threadName: fields.threadName ?? "",
      success,
      sizeBytes: this.#number("bytes", fields.bytes) ?? 0,
      ...(fields.Hostname && { hostname: fields.Hostname }),
      ...(fields.failureMessage && { failureMessage: fields.failureMessage }),
      ...this.#details(fields),
      ...this.#summed(fields),
      ...more,
    };
  }

  /** What only some logs have. */
  #details({ sentBytes, Latency, Connect, allThreads }: Readonly<Record<string, string | undefined>>) {
    const details = {
      sentBytes: this.#number("sentBytes", sentBytes),
      latencyMs: this.#number("Latency", Latency),
      connectMs: this.#number("Connect", Connect),
      activeThreads: this.#number("allThreads", allThreads),
    };
    return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
  }

  #summed({ SampleCount, ErrorCount }: Readonly<Record<string, string | undefined>>) {
    const summedSamples = this.#number("SampleCount", SampleCount) ?? 1;
    if (summedSamples <= 1) return {};
    const errors = this.#number("ErrorCount", ErrorCount);
    return {
      summedSamples,
      ...(errors !== undefined && { summedErrors: Math.min(errors, summedSamples) }),
    };
  }

  /** Not negative, no exponent, no sign. */
  #number(field: string, text = ""): number | undefined {
    const digits = text.trim();
    if (/^\d{1,15}(\.\d+)?$/.test(digits)) return Number(digits);
    if (!(this.#hasCommas ? DECIMAL_COMMA : CLEAR_COMMA).test(digits)) return undefined;
    this.#firstComma ??= `${field} ${digits}`;
    return Number(digits.replace(",", "."));
  }
}

const DECIMAL_COMMA = /^\d{1,15},\d+$/;
/** Not three digits after it: the comma may separate thousands. */
const CLEAR_COMMA = /^\d{1,15},(\d{1,2}|\d{4,})$/;

const SUCCESS: Readonly<Record<string, boolean>> = { true: true, false: false };

const shown = (value: string | undefined) =>
  value === undefined ? "missing" : JSON.stringify(value.slice(0, 80));
