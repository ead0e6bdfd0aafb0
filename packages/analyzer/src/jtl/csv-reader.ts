import { parse } from "csv-parse/sync";
import { type CsvDialect, isHeader } from "./columns.ts";
import { sampleFrom } from "./fields.ts";
import { Interner } from "./intern.ts";
import type { Losses } from "./losses.ts";
import { Pending } from "./pending.ts";
import type { SampleSink } from "./sink.ts";
import { splitQuoted } from "./split-quoted.ts";

const NEWLINE = 10;
const QUOTE = 34;
const CARRIAGE_RETURN = 13;
/** A row longer than this is torn: an open quote, or no log. */
const MAX_ROW_BYTES = 16 << 20;
const ZEROS = "a row with zero bytes: the log was not written to the disk";
const TOO_LONG = `a row of more than ${MAX_ROW_BYTES} bytes`;
const MAX_FIELDS = 512;

/** Where the columns stand that a Sample is made of; -1: not there. */
interface Places {
  readonly timeStamp: number;
  readonly elapsed: number;
  readonly label: number;
  readonly responseCode: number;
  readonly responseMessage: number;
  readonly threadName: number;
  readonly success: number;
  readonly failureMessage: number;
  readonly bytes: number;
  readonly hostname: number;
}

/**
 * CSV bytes in, samples out. Rows without quotes are read from the bytes directly, those quoted as JMeter
 * quotes by splitQuoted(), all that are odd by csv-parse, row by row. A row that cannot be read costs one line: reading goes on with the next.
 */
export class CsvReader {
  readonly #delimiter: string;
  readonly #delimiterByte: number;
  readonly #given: boolean;
  readonly #losses: Losses;
  readonly #sink: SampleSink;
  readonly #pending = new Pending();
  /** Of a row: the byte before it, then every field's end. */
  readonly #bounds = new Int32Array(MAX_FIELDS + 1);
  readonly #texts = {
    label: new Interner(),
    code: new Interner(),
    message: new Interner(),
    thread: new Interner(),
    failure: new Interner(),
    host: new Interner(),
  };
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #columns: readonly string[] = [];
  #places: Places = placesOf([]);
  #line = 1;
  /** Within a row that is far too long, until its end. */
  #skipping = false;

  constructor(dialect: CsvDialect, losses: Losses, sink: SampleSink) {
    this.#delimiter = dialect.delimiter;
    this.#delimiterByte = dialect.delimiter.charCodeAt(0);
    this.#given = dialect.given === true;
    this.#losses = losses;
    this.#sink = sink;
    this.#use(dialect.columns);
  }

  push(chunk: Uint8Array): void {
    this.#pending.push(chunk);
    this.#read(false);
  }

  end(): void {
    this.#read(true);
  }

  #use(columns: readonly string[]): void {
    this.#columns = columns;
    this.#places = placesOf(columns);
  }

  /** Reads every whole row that is there; at the end also the last one. */
  #read(final: boolean): void {
    const bytes = this.#pending.bytes;
    let from = 0;
    while (from < bytes.length) {
      const next = this.#skipping ? this.#skip(bytes, from) : this.#row(bytes, from, final);
      if (next < 0) break;
      from = next;
    }
    const waiting = bytes.length - from;
    if (!final && !this.#skipping && waiting > MAX_ROW_BYTES) {
      this.#losses.add(`line ${this.#line}`, TOO_LONG);
      this.#skipping = true;
      from = bytes.length;
    }
    this.#pending.drop(from);
  }

  #skip(bytes: Uint8Array, from: number): number {
    const end = bytes.indexOf(NEWLINE, from);
    if (end < 0) return bytes.length;
    this.#skipping = false;
    this.#line++;
    return end + 1;
  }

  /** @returns where the next row begins, -1: more bytes are needed */
  #row(bytes: Uint8Array, from: number, final: boolean): number {
    const delimiter = this.#delimiterByte;
    const bounds = this.#bounds;
    const high = Math.max(delimiter, QUOTE);
    const length = bytes.length;
    bounds[0] = from - 1;
    let fields = 0;
    let zeros = false;
    let at = from;
    for (; at < length; at++) {
      const byte = bytes[at] as number;
      if (byte > high) continue;
      if (byte === delimiter) {
        if (fields < MAX_FIELDS - 1) bounds[++fields] = at;
      } else if (byte === NEWLINE) break;
      else if (byte === QUOTE) {
        if (at - from < MAX_ROW_BYTES) return this.#quotedRow(bytes, from, final);
      } else if (byte === 0) zeros = true;
    }
    if (at === length && !final) return -1;
    const next = at === length ? at : at + 1;
    const end = at > from && bytes[at - 1] === CARRIAGE_RETURN ? at - 1 : at;
    if (at - from > MAX_ROW_BYTES) this.#losses.add(`line ${this.#line}`, TOO_LONG);
    else if (zeros) this.#losses.add(`line ${this.#line}`, ZEROS);
    else if (end > from) {
      bounds[++fields] = end;
      if (fields !== this.#columns.length || !this.#plainRow(bytes, at === length)) {
        this.#record(this.#decoder.decode(bytes.subarray(from, end)).split(this.#delimiter), at === length);
      }
    }
    this.#line++;
    return next;
  }

  /** @returns whether the row was as JMeter writes them; nothing happened where not */
  #plainRow(bytes: Uint8Array, torn: boolean): boolean {
    const places = this.#places;
    if (torn || places.timeStamp < 0 || places.success < 0) return false;
    const timeStampMs = this.#number(bytes, places.timeStamp);
    const elapsedMs = this.#number(bytes, places.elapsed);
    const sizeBytes = places.bytes < 0 ? 0 : this.#number(bytes, places.bytes);
    const bounds = this.#bounds;
    const from = (bounds[places.success] as number) + 1;
    const success = truth(bytes, from, bounds[places.success + 1] as number);
    if (timeStampMs < 0 || elapsedMs < 0 || success < 0 || sizeBytes < 0) return false;
    const texts = this.#texts;
    const label = this.#text(bytes, texts.label, places.label);
    const responseCode = this.#text(bytes, texts.code, places.responseCode);
    const threadName = this.#text(bytes, texts.thread, places.threadName);
    const hostname = this.#text(bytes, texts.host, places.hostname);
    const sink = this.#sink;
    if (sink.count !== undefined) {
      sink.count(timeStampMs, elapsedMs, label, responseCode, threadName, hostname, success === 1, sizeBytes);
      return true;
    }
    const failureMessage = this.#text(bytes, texts.failure, places.failureMessage);
    const responseMessage = this.#text(bytes, texts.message, places.responseMessage);
    sink.take({
      timeStampMs,
      elapsedMs,
      label,
      responseCode,
      responseMessage,
      threadName,
      success: success === 1,
      sizeBytes,
      ...(hostname && { hostname }),
      ...(failureMessage && { failureMessage }),
    });
    return true;
  }

  #text(bytes: Uint8Array, known: Interner, field: number): string {
    if (field < 0) return "";
    const from = (this.#bounds[field] as number) + 1;
    const to = this.#bounds[field + 1] as number;
    return from === to ? "" : known.text(bytes, from, to);
  }

  #number(bytes: Uint8Array, field: number): number {
    return wholeNumber(bytes, (this.#bounds[field] as number) + 1, this.#bounds[field + 1] as number);
  }

  /** A row with quotes: it ends at a newline outside them. */
  #quotedRow(bytes: Uint8Array, from: number, final: boolean): number {
    let inside = false;
    let lines = 1;
    let at = from;
    const limit = Math.min(bytes.length, from + MAX_ROW_BYTES);
    for (; at < limit; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) inside = !inside;
      else if (byte === NEWLINE) {
        if (!inside) break;
        lines++;
      }
    }
    if (at === bytes.length && !final && at - from < MAX_ROW_BYTES) return -1;
    const isWhole = !inside && (at < limit || at === bytes.length);
    if (isWhole) {
      const record = bytes.subarray(from, at).includes(0) ? undefined : this.#parse(bytes.subarray(from, at));
      if (record !== undefined && (record.length === this.#columns.length || isHeader(record))) {
        this.#record(record, at === bytes.length);
        this.#line += lines;
        return Math.min(at + 1, bytes.length);
      }
    }
    // Torn: only its first line is given up, what follows may be whole.
    this.#losses.add(`line ${this.#line}`, "a torn row: its quotes or columns do not fit");
    this.#skipping = true;
    return from;
  }

  #parse(bytes: Uint8Array): readonly string[] | undefined {
    const row = this.#decoder.decode(bytes).replace(/\r$/, "");
    const fields = splitQuoted(row, this.#delimiter);
    if (fields !== undefined) return fields;
    try {
      const records = parse(row, { delimiter: this.#delimiter, bom: true });
      return (records as readonly (readonly string[])[])[0];
    } catch {
      return undefined;
    }
  }

  #record(read: readonly string[], last: boolean): void {
    const record = this.#line === 1 ? [(read[0] ?? "").replace(/^\ufeff/, ""), ...read.slice(1)] : read;
    if (isHeader(record)) {
      // The first one, or of a run that was appended.
      if (!this.#given) this.#use(record);
      return;
    }
    const place = `line ${this.#line}`;
    const { length } = this.#columns;
    if (record.length !== length) {
      return void this.#losses.add(place, `${record.length} columns instead of ${length}`);
    }
    if (last && ["timeStamp", "elapsed", "bytes"].includes(this.#columns[length - 1] ?? "")) {
      return void this.#losses.add(place, "the last row has no line end: its last number may be cut");
    }
    const made = sampleFrom(this.#fields(record));
    if (typeof made === "string") this.#losses.add(place, made);
    else this.#sink.take(made);
  }

  #fields(record: readonly string[]) {
    const places = this.#places;
    const at = (place: number) => (place < 0 ? undefined : record[place]);
    return {
      timeStamp: at(places.timeStamp),
      elapsed: at(places.elapsed),
      label: at(places.label),
      responseCode: at(places.responseCode),
      responseMessage: at(places.responseMessage),
      threadName: at(places.threadName),
      success: at(places.success),
      failureMessage: at(places.failureMessage),
      bytes: at(places.bytes),
      Hostname: at(places.hostname),
    };
  }
}

function placesOf(columns: readonly string[]): Places {
  const place = (name: string) => columns.indexOf(name);
  return {
    timeStamp: place("timeStamp"),
    elapsed: place("elapsed"),
    label: place("label"),
    responseCode: place("responseCode"),
    responseMessage: place("responseMessage"),
    threadName: place("threadName"),
    success: place("success"),
    failureMessage: place("failureMessage"),
    bytes: place("bytes"),
    hostname: place("Hostname"),
  };
}

/** 1 to 15 digits, -1: something else. */
function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from || to - from > 15) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** 1: `true`, 0: `false`, -1: something else. */
function truth(bytes: Uint8Array, from: number, to: number): number {
  const word = to - from === 4 ? "true" : "false";
  if (to - from !== word.length) return -1;
  for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word.charCodeAt(i)) return -1;
  return word === "true" ? 1 : 0;
}
