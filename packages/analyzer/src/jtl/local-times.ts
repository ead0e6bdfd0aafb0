import { createRequire } from "node:module";
import type { Zone } from "luxon";
import { type AnalyzerErrorCode, SlbenchError } from "../core/errors.ts";

/** Loaded only if a log holds dates: nearly all hold numbers. */
const loadLuxon = () => createRequire(import.meta.url)("luxon") as typeof import("luxon");

const MINUTE_MS = 60_000;

/** Turns the wall-clock times of one time zone into moments. */
export class LocalTimes {
  /** For messages: `Europe/Berlin`, `UTC+1`. */
  readonly zoneName: string;
  readonly #zone: Zone;
  readonly #DateTime;
  #minute = Number.NaN;
  #offsetMs = 0;

  /**
   * @param timeZone an IANA name or an offset (`+01:00`); absent: the machine's
   * @throws {SlbenchError} JTL_TIME_ZONE
   */
  constructor(timeZone?: string) {
    const { DateTime, Info } = loadLuxon();
    const zone = Info.normalizeZone(offsetName(timeZone) ?? "system");
    if (!zone.isValid)
      throw new SlbenchError<AnalyzerErrorCode>(
        "JTL_TIME_ZONE",
        `"${String(timeZone).slice(0, 80)}" is no time zone`,
        { hint: "give a name such as Europe/Berlin or UTC, or an offset such as +01:00", exitCode: 2 },
      );
    this.#zone = zone;
    this.#DateTime = DateTime;
    this.zoneName = zone.name;
  }

  /**
   * A wall-clock time that does not exist (the clock was set forward) is taken as if it had not been; one that exists
   * twice as the earlier of the two.
   * @param wallMs the time as if it were UTC, ms since the epoch
   * @returns ms since the epoch
   */
  toEpochMs(wallMs: number): number {
    const minute = Math.floor(wallMs / MINUTE_MS);
    // Zones change at whole minutes, and a log's rows come in the order of time.
    if (minute !== this.#minute) {
      const wall = this.#DateTime.fromMillis(minute * MINUTE_MS, { zone: "utc" });
      const local = wall.setZone(this.#zone, { keepLocalTime: true });
      this.#offsetMs = wall.toMillis() - local.toMillis();
      this.#minute = minute;
    }
    return wallMs - this.#offsetMs;
  }
}

/** `+01:00` as luxon writes offsets. */
const offsetName = (timeZone: string | undefined) =>
  timeZone !== undefined && /^[+-]\d/.test(timeZone) ? `UTC${timeZone}` : timeZone;

/** A time read by a pattern: of some zone's clock, or a moment if the pattern has an offset. */
export interface PatternTime {
  readonly ms: number;
  readonly isMoment: boolean;
}

/** Java's letters (SimpleDateFormat, as in jmeter.save.saveservice.timestamp_format) to luxon's tokens. */
function tokenOf(letters: string): string | undefined {
  const { length } = letters;
  switch (letters[0]) {
    case "y":
      return length === 2 ? "yy" : "yyyy";
    case "M":
    case "L":
      return letters.replaceAll("L", "M").slice(0, 4);
    case "d":
    case "H":
    case "h":
    case "m":
    case "s":
      return length <= 2 ? letters : undefined;
    case "S":
      return length === 3 ? "SSS" : length < 3 ? "S" : "u";
    case "a":
      return "a";
    case "E":
      return length > 3 ? "EEEE" : "EEE";
    case "Z":
      return "ZZZ";
    case "X":
      return length === 3 ? "ZZ" : length === 2 ? "ZZZ" : undefined;
    case "D":
      return length === 3 ? "ooo" : "o";
    default:
      return undefined;
  }
}

/**
 * Reads times written by a pattern of JMeter's letters, `dd/MM/yyyy HH:mm:ss.SSS`; month and day names are English.
 * @returns reads one text; undefined: it is written otherwise
 * @throws {SlbenchError} JTL_TIME_FORMAT
 *
 * @example
 * ```ts
 * createPatternReader("dd/MM/yyyy HH:mm:ss")("13/01/2024 10:00:00")?.ms; // 1705140000000
 * ```
 */
export function createPatternReader(pattern: string): (text: string) => PatternTime | undefined {
  const { DateTime } = loadLuxon();
  let isMoment = false;
  const format = pattern.replaceAll(/'[^']*'|([A-Za-z])\1*/g, (part) => {
    if (part.startsWith("'")) return part;
    const token = tokenOf(part);
    if (token === undefined)
      throw new SlbenchError<AnalyzerErrorCode>(
        "JTL_TIME_FORMAT",
        `the time format "${pattern.slice(0, 80)}" has "${part.slice(0, 20)}", which slbench cannot read`,
        {
          hint: "use JMeter's letters y M d H h m s S a E Z X, and quotes around other text: yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
          exitCode: 2,
        },
      );
    if (token.startsWith("Z")) isMoment = true;
    return token;
  });
  const parser = DateTime.buildFormatParser(format, { locale: "en" });
  return (text) => {
    const made = DateTime.fromFormatParser(text, parser, { zone: "utc", locale: "en" });
    return made.isValid ? { ms: made.toMillis(), isMoment } : undefined;
  };
}
