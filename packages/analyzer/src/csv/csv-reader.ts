import { parse } from "csv-parse/sync";
import { lastRowNotEnded } from "../core/warning-catalogue.ts";
import type { LogContext } from "../jtl/log-context.ts";
import { Pending } from "../jtl/pending.ts";
import { type ColumnIndexes, columnIndexesOf, fieldsAt } from "./column-indexes.ts";
import { type CsvDialect, headerIn } from "./columns.ts";
import { PlainRows } from "./plain-rows.ts";
import { MAX_FIELDS, RowBounds } from "./row-bounds.ts";
import { splitQuoted } from "./split-quoted.ts";

const NEWLINE = 10;
const QUOTE = 34;
const CARRIAGE_RETURN = 13;
/** A row longer than this is torn: an open quote, or not a log. */
const MAX_ROW_BYTES = 16 << 20;
const ZEROS = "a row with zero bytes: the log was not written to the disk";
/** If one of these values is cut, the row gets another time, label, code or thread. */
const TELLING = new Set(["timeStamp", "elapsed", "label", "responseCode", "threadName"]);
/** If one of these values is cut, the row still counts where it belongs. */
const USED = new Set(["bytes", "responseMessage", "failureMessage", "Hostname"]);
/** Names the delimiter for Excel: `sep=;`. */
const SEPARATOR_LINE = /^"?sep=\W?"?$/i;
/** A time of the years 2001 to 2096. */
const RECENT = /[1-3]\d{12}$/;
const TOO_LONG = `a row of more than ${MAX_ROW_BYTES} bytes`;

/**
 * CSV bytes in, samples out. Rows as JMeter writes them are read from the bytes directly, with quotes or without;
 * those with quotes or newlines within a field by splitQuoted(), all that are odd by csv-parse, row by row. A row that cannot be read costs one line: reading goes on with the next.
 */
export class CsvReader {
  readonly #delimiter: string;
  readonly #delimiterByte: number;
  readonly #given: boolean;
  readonly #context: LogContext;
  readonly #pending = new Pending();
  readonly #bounds = new RowBounds();
  readonly #plain: PlainRows;
  #columns: readonly string[] = [];
  #indexes: ColumnIndexes = columnIndexesOf([]);
  #line = 1;
  /** Within a row that is far too long, until its end. */
  #skipping = false;

  constructor(dialect: CsvDialect, context: LogContext) {
    this.#delimiter = dialect.delimiter;
    this.#delimiterByte = dialect.delimiter.charCodeAt(0);
    this.#given = dialect.given === true;
    this.#context = context;
    this.#plain = new PlainRows(context, this.#bounds);
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
    this.#indexes = columnIndexesOf(columns);
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
      this.#context.skipped.add(`line ${this.#line}`, TOO_LONG);
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
    // Local: a tenth of the whole time.
    const { from: froms, to: tos } = bounds;
    let count = 0;
    let field = from;
    let zeros = false;
    let at = from;
    for (; at < length; at++) {
      const byte = bytes[at] as number;
      if (byte > high) continue;
      if (byte === delimiter) {
        if (count < MAX_FIELDS) {
          froms[count] = field;
          tos[count] = at;
        }
        count++;
        field = at + 1;
      } else if (byte === NEWLINE) break;
      else if (byte === QUOTE) {
        if (at - from < MAX_ROW_BYTES) return this.#withQuotes(bytes, from, final);
      } else if (byte === 0) zeros = true;
    }
    if (at === length && !final) return -1;
    const next = at === length ? at : at + 1;
    const end = at > from && bytes[at - 1] === CARRIAGE_RETURN ? at - 1 : at;
    if (at - from > MAX_ROW_BYTES) this.#context.skipped.add(`line ${this.#line}`, TOO_LONG);
    else if (zeros) this.#context.skipped.add(`line ${this.#line}`, ZEROS);
    else if (end > from) {
      bounds.count = count;
      bounds.add(field, end);
      if (!this.#takePlain(bytes, at === length))
        this.#record(this.#split(bytes.subarray(from, end)), at === length);
    }
    this.#line++;
    return next;
  }

  /** A row without quotes. A method of its own, so that #row() allocates nothing for the closure. */
  #split(bytes: Uint8Array): readonly string[] {
    return this.#context.texts.decodeParts(bytes, (row) => row.split(this.#delimiter)) ?? [];
  }

  /** @param last the row has no line end: its last field may be cut */
  #takePlain(bytes: Uint8Array, last: boolean): boolean {
    const { count } = this.#bounds;
    return (
      !last && count === this.#columns.length && count <= MAX_FIELDS && this.#plain.take(bytes, this.#indexes)
    );
  }

  #withQuotes(bytes: Uint8Array, from: number, final: boolean): number {
    const newline = this.#bounds.findQuoted(bytes, from, this.#delimiterByte);
    if (newline < 0 || newline - from > MAX_ROW_BYTES || !this.#takePlain(bytes, false))
      return this.#quotedRow(bytes, from, final);
    this.#line++;
    return newline + 1;
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
      if (
        record !== undefined &&
        (record.length === this.#columns.length || headerIn(record, this.#columns) !== undefined)
      ) {
        // A last field in quotes is whole.
        this.#record(record, at === bytes.length && bytes[at - 1] !== QUOTE);
        this.#line += lines;
        return Math.min(at + 1, bytes.length);
      }
    }
    // Torn: only its first line is given up, what follows may be whole.
    this.#context.skipped.add(`line ${this.#line}`, "a torn row: its quotes or columns do not fit");
    this.#skipping = true;
    return from;
  }

  #parse(bytes: Uint8Array): readonly string[] | undefined {
    return this.#context.texts.decodeParts(bytes, (text) => {
      const row = text.replace(/\r$/, "");
      const fields = splitQuoted(row, this.#delimiter);
      if (fields !== undefined) return fields;
      try {
        const records = parse(row, { delimiter: this.#delimiter, bom: true });
        return (records as readonly (readonly string[])[])[0];
      } catch {
        return undefined;
      }
    });
  }

  #record(read: readonly string[], last: boolean): void {
    const record = this.#line === 1 ? [(read[0] ?? "").replace(/^\ufeff/, ""), ...read.slice(1)] : read;
    if (this.#line === 1 && SEPARATOR_LINE.test(record[0] ?? "")) return;
    const position = `line ${this.#line}`;
    const header = headerIn(record, this.#columns);
    if (header !== undefined) {
      // The first one, or of a run that was appended.
      if (header.torn) this.#context.skipped.add(position, "a torn row, and a header on its line");
      if (!this.#given) this.#use(header.columns);
      return;
    }
    const { length } = this.#columns;
    const lastColumn = this.#columns[length - 1] ?? "";
    if (last && TELLING.has(lastColumn)) {
      return void this.#context.skipped.add(
        position,
        "the last row has no line end: its last field may be cut",
      );
    }
    const made =
      record.length === length ? this.#sample(record) : `${record.length} columns instead of ${length}`;
    if (typeof made !== "string") {
      if (last && USED.has(lastColumn))
        this.#context.warnings.push(lastRowNotEnded(this.#context.source, lastColumn));
      return void this.#context.sink.take(made);
    }
    this.#context.skipped.add(position, made);
    this.#behindTorn(record);
  }

  /** A row that begins within the line of a torn one, as left by a run that was appended without a header. */
  #behindTorn(record: readonly string[]): void {
    const [joint = "", ...rest] = record.slice(-this.#columns.length);
    const [time] = RECENT.exec(joint) ?? [];
    const isJoined = time !== undefined && (joint !== time || record.length > this.#columns.length);
    if (this.#columns[0] !== "timeStamp" || rest.length + 1 !== this.#columns.length || !isJoined) return;
    const made = this.#sample([time, ...rest]);
    if (typeof made !== "string") this.#context.sink.take(made);
  }

  #sample(record: readonly string[]) {
    return this.#context.fields.sample(fieldsAt(record, this.#indexes));
  }
}
