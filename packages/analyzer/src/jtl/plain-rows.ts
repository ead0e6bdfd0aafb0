import { TRANSACTION_MESSAGE } from "../core/sample.ts";
import type { ColumnIndexes } from "./column-indexes.ts";
import type { LogContext } from "./log-context.ts";
import { type RowBatch, sampleAt } from "./row-batch.ts";
import { type RowDialect, RowScanner } from "./row-scanner.ts";
import type { SampleSink } from "./sink.ts";
import { END_OF_TIME_MS } from "./time-stamps.ts";

/** Reads CSV rows or XML samples as JMeter writes them, and decodes each different text once. */
export class PlainRows {
  readonly #sink: SampleSink;
  readonly #texts: LogContext["texts"];
  /** Absent: every row is read as an odd one. */
  readonly #scanner: RowScanner | undefined;
  #isReadable = false;
  /** By their index; the first one is empty. */
  #decoded: string[] = [""];

  constructor({ sink, times, texts }: LogContext, format: RowDialect["format"]) {
    this.#sink = sink;
    this.#texts = texts;
    if (!times.areNumbers) return;
    this.#scanner = RowScanner.create({
      ...{ format, unit: times.unit, endMs: END_OF_TIME_MS },
      messageCharacter: TRANSACTION_MESSAGE.charCodeAt(0),
    });
  }

  /** Rows of these columns come next. @param columns how many they are */
  setColumns(columns: number, indexes: ColumnIndexes): void {
    this.#isReadable = indexes.timeStamp >= 0 && indexes.success >= 0 && columns <= MAX_COLUMNS;
    if (this.#isReadable) this.#scanner?.setColumns(columns, indexes);
  }

  /** Forgets the window: the next call gets other bytes. */
  clear(): void {
    this.#scanner?.clear();
  }

  /**
   * Takes rows as JMeter writes them.
   * @param onRows gets their number, a line each in CSV
   * @returns where the first other one begins
   */
  take(bytes: Uint8Array, from: number, onRows: (count: number) => void = () => {}): number {
    const scanner = this.#scanner;
    if (scanner === undefined || !this.#isReadable) return from;
    const sink = this.#sink;
    let at = from;
    for (;;) {
      const rows = scanner.scan(bytes, at, sink.count === undefined || sink.needsMessages === true);
      if (rows > 0) {
        this.#decode(scanner);
        this.#pass({ ...scanner.columns, rows, texts: this.#decoded });
        onRows(rows);
        at = scanner.end;
      }
      if (scanner.hasNoRoom) this.#forget(scanner);
      else if (rows === 0) return at;
    }
  }

  /** Decodes the texts that came with the last scan. */
  #decode(scanner: RowScanner): void {
    const { textCount } = scanner;
    for (let index = this.#decoded.length; index <= textCount; index++)
      this.#decoded.push(this.#texts.decode(scanner.text(index)));
  }

  #forget(scanner: RowScanner): void {
    scanner.forgetTexts();
    this.#decoded = [""];
  }

  #pass(batch: RowBatch): void {
    if (this.#sink.count !== undefined) this.#sink.count(batch);
    else for (let row = 0; row < batch.rows; row++) this.#sink.take(sampleAt(batch, row));
  }
}

/** Rows with more are read as odd ones. */
const MAX_COLUMNS = 512;
