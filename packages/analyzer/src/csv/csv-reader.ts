import { lastRowNotEnded } from "../core/warning-catalogue.ts";
import { type ColumnIndexes, columnIndexesOf, fieldsAt } from "../jtl/column-indexes.ts";
import type { LogContext } from "../jtl/log-context.ts";
import { Pending } from "../jtl/pending.ts";
import { PlainRows } from "../jtl/plain-rows.ts";
import { type CsvDialect, headerIn } from "./columns.ts";
import { splitRow } from "./split-row.ts";

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;
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
 * others row by row. A row that cannot be read costs one line: reading goes on with the next.
 */
export class CsvReader {
  readonly #delimiter: string;
  readonly #given: boolean;
  readonly #context: LogContext;
  readonly #pending = new Pending();
  readonly #plain: PlainRows;
  #columns: readonly string[] = [];
  #indexes: ColumnIndexes = columnIndexesOf([]);
  #line: number;
  /** Within a row that is far too long, until its end. */
  #skipping = false;

  /** @param line number of the first line; only a log's first one may have a byte order mark */
  constructor(dialect: CsvDialect, context: LogContext, line = 1) {
    this.#line = line;
    this.#delimiter = dialect.delimiter;
    this.#given = dialect.given === true;
    this.#context = context;
    this.#plain = new PlainRows(context, { delimiter: dialect.delimiter.charCodeAt(0) });
    this.#use(dialect.columns);
  }

  /** Those of the rows that come next. */
  get columns(): readonly string[] {
    return this.#columns;
  }

  /** Number of the line that comes next. */
  get line(): number {
    return this.#line;
  }

  /** Whether a row begins with the next byte. */
  get isBetween(): boolean {
    return !this.#skipping && this.#pending.isEmpty;
  }

  /** Lines that were read elsewhere come next. */
  passLines(lines: number): void {
    this.#line += lines;
  }

  /** @param chunk may be cut anywhere; its buffer may be used again */
  push(chunk: Uint8Array): void {
    let rest = chunk;
    if (!this.#pending.isEmpty) {
      // The row that the last chunk began, so that the others need no copy.
      const end = chunk.indexOf(NEWLINE) + 1;
      this.#readPending(chunk.subarray(0, end));
      rest = chunk.subarray(end);
    }
    if (this.#pending.isEmpty) this.#pending.push(rest.subarray(this.#read(rest, false)));
    else this.#readPending(rest);
  }

  end(): void {
    this.#read(this.#pending.bytes, true);
  }

  #readPending(more: Uint8Array): void {
    this.#pending.push(more);
    this.#pending.drop(this.#read(this.#pending.bytes, false));
  }

  #use(columns: readonly string[]): void {
    this.#columns = columns;
    this.#indexes = columnIndexesOf(columns);
    this.#plain.setColumns(columns.length, this.#indexes);
  }

  /** Reads every whole row that is there; at the end also the last one. @returns how many bytes are read */
  #read(bytes: Uint8Array, final: boolean): number {
    let from = 0;
    this.#plain.clear();
    while (from < bytes.length) {
      if (!this.#skipping) from = this.#plainRows(bytes, from);
      const next = this.#skipping ? this.#skip(bytes, from) : this.#oddRow(bytes, from, final);
      if (next < 0) break;
      from = next;
    }
    const waiting = bytes.length - from;
    if (!final && !this.#skipping && waiting > MAX_ROW_BYTES) {
      this.#context.skipped.add(`line ${this.#line}`, TOO_LONG);
      this.#skipping = true;
      from = bytes.length;
    }
    return from;
  }

  #skip(bytes: Uint8Array, from: number): number {
    const end = bytes.indexOf(NEWLINE, from);
    if (end < 0) return bytes.length;
    this.#skipping = false;
    this.#line++;
    return end + 1;
  }

  /** Takes rows as JMeter writes them. @returns where the first other one begins */
  #plainRows(bytes: Uint8Array, from: number): number {
    return this.#plain.take(bytes, from, (rows) => {
      this.#line += rows;
    });
  }

  /** @returns where the next row begins, -1: more bytes are needed */
  #oddRow(bytes: Uint8Array, from: number, final: boolean): number {
    if (from === bytes.length) return -1;
    const newline = bytes.indexOf(NEWLINE, from);
    const at = newline < 0 ? bytes.length : newline;
    const row = bytes.subarray(from, at);
    const quote = row.indexOf(QUOTE);
    if (quote >= 0 && quote < MAX_ROW_BYTES) return this.#quotedRow(bytes, from, final);
    if (newline < 0 && !final) return -1;
    const end = row.at(-1) === CARRIAGE_RETURN ? at - 1 : at;
    if (row.length > MAX_ROW_BYTES) this.#context.skipped.add(`line ${this.#line}`, TOO_LONG);
    else if (row.includes(0)) this.#context.skipped.add(`line ${this.#line}`, ZEROS);
    else if (end > from) this.#record(this.#split(bytes.subarray(from, end)), newline < 0);
    this.#line++;
    return newline < 0 ? at : at + 1;
  }

  /** A row without quotes. */
  #split(row: Uint8Array): readonly string[] {
    return this.#context.texts.decodeParts(row, (text) => text.split(this.#delimiter)) ?? [];
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
    return this.#context.texts.decodeParts(bytes, (text) =>
      splitRow(text.replace(/\r$/, ""), this.#delimiter),
    );
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
