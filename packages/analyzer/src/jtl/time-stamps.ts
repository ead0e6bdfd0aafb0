import { createPatternReader, LocalTimes, type PatternTime } from "./local-times.ts";
import { MILLISECONDS, type TimeUnit, toMilliseconds } from "./time-unit.ts";

/** How a log's time stamps are written, as far as that is given. */
export interface TimeOptions {
  /** Zone of dates without an offset: an IANA name or an offset; absent: the machine's. */
  readonly timeZone?: string;
  /** JMeter's pattern letters, `dd/MM/yyyy HH:mm:ss`; absent: numbers and dates with the year first. */
  readonly timestampFormat?: string;
}

/** Year 2286, fourteen digits: more than one number. */
export const END_OF_TIME_MS = 1e13;

/** A time stamp that is a date in an unknown format. */
export const UNKNOWN_DATE = Symbol("unknown date");

/**
 * Reads the time stamps of one log.
 *
 * @example
 * ```ts
 * const times = new TimeStamps({ timeZone: "Europe/Berlin" });
 * times.read("1700000000000"); // 1700000000000
 * times.read("2024/03/31 03:00:00.500"); // 1711846800500
 * ```
 */
export class TimeStamps {
  readonly unit: TimeUnit;
  readonly #options: TimeOptions;
  readonly #pattern: ((text: string) => PatternTime | undefined) | undefined;
  #local: LocalTimes | undefined;
  #hasLocal = false;
  #unknown = 0;
  #firstUnknown = "";

  /** @throws {SlbenchError} JTL_TIME_ZONE, JTL_TIME_FORMAT */
  constructor(options: TimeOptions = {}, unit: TimeUnit = MILLISECONDS) {
    this.unit = unit;
    this.#options = options;
    const { timeZone, timestampFormat } = options;
    if (timeZone !== undefined) this.#local = new LocalTimes(timeZone);
    // JMeter's own word for numbers.
    if (timestampFormat !== undefined && timestampFormat !== "ms")
      this.#pattern = createPatternReader(timestampFormat);
  }

  /** Whether a whole number is a time by itself. */
  get areNumbers(): boolean {
    return this.#pattern === undefined;
  }

  /** @returns ms since the epoch; undefined: not a time */
  read(text: string): number | typeof UNKNOWN_DATE | undefined {
    const byPattern = this.#pattern?.(text);
    if (byPattern === undefined && /^\d+(\.\d+)?$/.test(text)) return this.#fromNumber(Number(text));
    const made = byPattern ?? this.#yearFirst(text);
    if (made !== undefined) return made.isMoment ? made.ms : this.#localTimes.toEpochMs(made.ms);
    if (!isDateLike(text)) return undefined;
    if (this.#unknown++ === 0) this.#firstUnknown = text.slice(0, 80);
    return UNKNOWN_DATE;
  }

  /** The zone that dates without offset were read in; undefined if there were none. */
  get usedZone(): { readonly name: string; readonly isGiven: boolean } | undefined {
    return this.#hasLocal && this.#local !== undefined
      ? { name: this.#local.zoneName, isGiven: this.#options.timeZone !== undefined }
      : undefined;
  }

  /** Dates that read() could not read, and the first of them. */
  get unknown(): { readonly count: number; readonly first: string } {
    return { count: this.#unknown, first: this.#firstUnknown };
  }

  /** @returns ms since the epoch; undefined: later than any measurement */
  #fromNumber(number: number): number | undefined {
    const ms = toMilliseconds(number, this.unit);
    return ms < END_OF_TIME_MS ? ms : undefined;
  }

  get #localTimes(): LocalTimes {
    this.#hasLocal = true;
    this.#local ??= new LocalTimes();
    return this.#local;
  }

  #yearFirst(text: string): PatternTime | undefined {
    const parts = YEAR_FIRST.exec(text);
    if (parts === null) return undefined;
    const [, year, month, day, time, fraction = "", offset] = parts;
    const zone = offset?.replace(/^(.\d\d)(\d\d)$/, "$1:$2") ?? "Z";
    const ms = Date.parse(`${year}-${month}-${day}T${time}${fraction.replace(",", ".")}${zone}`);
    return Number.isFinite(ms) ? { ms, isMoment: offset !== undefined } : undefined;
  }
}

/** ISO 8601 and what JMeter's users set: slashes, a blank instead of T, a comma, no offset. */
const YEAR_FIRST =
  /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d:\d\d(?::\d\d)?)([.,]\d{1,9})? ?(Z|[+-]\d\d:?\d\d)?$/;

const isDateLike = (text: string) => /\d:\d\d|\d[-/.]\d{1,2}[-/.]\d/.test(text);

/**
 * Refuses time options that cannot be used, before anything is read.
 * @throws {SlbenchError} JTL_TIME_ZONE, JTL_TIME_FORMAT
 *
 * @example
 * ```ts
 * checkTimeOptions({ timeZone: "Europe/Berlin", timestampFormat: "dd/MM/yyyy HH:mm:ss" }); // undefined
 * ```
 */
export function checkTimeOptions(options: TimeOptions): void {
  new TimeStamps(options);
}
