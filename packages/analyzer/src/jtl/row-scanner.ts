import { Buffer } from "node:buffer";
import type { ColumnIndexes } from "./column-indexes.ts";
import type { RowBatch } from "./row-batch.ts";
import { CODE } from "./scan-rows.generated.ts";
import type { TimeUnit } from "./time-unit.ts";

/** Rows that stand for several samples are left to the caller, and with them their errors. */
type ScannedColumn = Exclude<keyof ColumnIndexes, "errorCount">;
type Variable<T extends "i32" | "f64"> = WebAssembly.Global<T>;

/** The variables by which wasm/scan-rows.ts knows how rows are written. */
interface Variables extends Readonly<Record<ScannedColumn, Variable<"i32">>> {
  readonly delimiter: Variable<"i32">;
  readonly words: Variable<"i32">;
  readonly columns: Variable<"i32">;
  readonly multiplier: Variable<"f64">;
  readonly divisor: Variable<"f64">;
  readonly endOfTime: Variable<"f64">;
}

/** What wasm/scan-rows.ts exports; its constants are addresses and sizes. */
interface Exports extends Variables {
  readonly memory: WebAssembly.Memory;
  readonly WINDOW_BYTES: WebAssembly.Global<"i32">;
  readonly WORDS: WebAssembly.Global<"i32">;
  readonly WORD_BYTES: WebAssembly.Global<"i32">;
  readonly WORD_LENGTHS: WebAssembly.Global<"i32">;
  readonly MAX_ROWS: WebAssembly.Global<"i32">;
  readonly MAX_TEXTS: WebAssembly.Global<"i32">;
  readonly TEXT_AT: WebAssembly.Global<"i32">;
  readonly TEXT_LENGTH: WebAssembly.Global<"i32">;
  readonly TIME: WebAssembly.Global<"i32">;
  readonly ELAPSED: WebAssembly.Global<"i32">;
  readonly BYTES: WebAssembly.Global<"i32">;
  readonly SENT_BYTES: WebAssembly.Global<"i32">;
  readonly LATENCY: WebAssembly.Global<"i32">;
  readonly CONNECT: WebAssembly.Global<"i32">;
  readonly ALL_THREADS: WebAssembly.Global<"i32">;
  readonly SUCCESS: WebAssembly.Global<"i32">;
  readonly LABEL: WebAssembly.Global<"i32">;
  readonly CODE: WebAssembly.Global<"i32">;
  readonly THREAD: WebAssembly.Global<"i32">;
  readonly HOST: WebAssembly.Global<"i32">;
  readonly MESSAGE: WebAssembly.Global<"i32">;
  readonly FAILURE: WebAssembly.Global<"i32">;
  setWindow(length: number): void;
  scan(position: number, allMessages: number, character: number): number;
  next(): number;
  hasNoRoom(): number;
  textCount(): number;
  forgetTexts(): void;
}

let code: WebAssembly.Module | undefined;

/** @returns undefined: the machine or runtime lacks WebAssembly's SIMD */
function instantiate(): Exports | undefined {
  try {
    code ??= new WebAssembly.Module(Buffer.from(CODE, "base64"));
    return new WebAssembly.Instance(code).exports as unknown as Exports;
  } catch {
    return undefined;
  }
}

/** How the rows of a log are written. */
export interface RowDialect {
  /** CSV with a delimiter, by its code, or XML with the words that wasm/xml-samples.ts names. */
  readonly format: { readonly delimiter: number } | { readonly words: readonly string[] };
  readonly unit: TimeUnit;
  /** Times count up to here. */
  readonly endMs: number;
  /** Begins a message of a successful row that is needed; of the others no message is read. */
  readonly messageCharacter: number;
}

/**
 * Finds CSV rows as JMeter writes them, bare or with quotes around whole fields, or XML samples with plain values and
 * nothing but response data and details in them, by WebAssembly. A scan's rows stand in columns, valid until the next
 * scan.
 */
export class RowScanner {
  readonly columns: Omit<RowBatch, "rows" | "texts">;
  readonly #exports: Exports;
  readonly #dialect: RowDialect;
  readonly #window: Uint8Array;
  readonly #textAt: Int32Array;
  readonly #textLength: Int32Array;
  readonly #memory: Uint8Array;
  /** Bytes from here to there are in the window. */
  #from = 0;
  #to = 0;

  /** @returns undefined: the machine or runtime lacks what it takes */
  static create(dialect: RowDialect): RowScanner | undefined {
    if ("delimiter" in dialect.format && dialect.format.delimiter >= 128) return undefined; // several bytes
    const exports = instantiate();
    return exports && new RowScanner(exports, dialect);
  }

  private constructor(exports: Exports, dialect: RowDialect) {
    const { buffer } = exports.memory;
    const rows = exports.MAX_ROWS.value;
    const numbers = (at: WebAssembly.Global<"i32">) => new Int32Array(buffer, at.value, rows);
    this.columns = {
      timeStampMs: new Float64Array(buffer, exports.TIME.value, rows),
      elapsedMs: numbers(exports.ELAPSED),
      sizeBytes: numbers(exports.BYTES),
      sentBytes: numbers(exports.SENT_BYTES),
      latencyMs: numbers(exports.LATENCY),
      connectMs: numbers(exports.CONNECT),
      activeThreads: numbers(exports.ALL_THREADS),
      success: new Uint8Array(buffer, exports.SUCCESS.value, rows),
      label: numbers(exports.LABEL),
      responseCode: numbers(exports.CODE),
      threadName: numbers(exports.THREAD),
      hostname: numbers(exports.HOST),
      responseMessage: numbers(exports.MESSAGE),
      failureMessage: numbers(exports.FAILURE),
    };
    this.#window = new Uint8Array(buffer, 0, exports.WINDOW_BYTES.value);
    this.#textAt = new Int32Array(buffer, exports.TEXT_AT.value, exports.MAX_TEXTS.value);
    this.#textLength = new Int32Array(buffer, exports.TEXT_LENGTH.value, exports.MAX_TEXTS.value);
    this.#memory = new Uint8Array(buffer);
    this.#exports = exports;
    this.#dialect = dialect;
    if ("delimiter" in dialect.format) exports.delimiter.value = dialect.format.delimiter;
    else this.#writeWords(dialect.format.words);
    exports.multiplier.value = dialect.unit.multiplier;
    exports.divisor.value = dialect.unit.divisor;
    exports.endOfTime.value = dialect.endMs;
  }

  /** Rows of these columns come next. @param columns how many they are */
  setColumns(columns: number, indexes: ColumnIndexes): void {
    this.#exports.columns.value = columns;
    const { errorCount: _, ...scanned } = indexes;
    for (const [name, index] of Object.entries(scanned) as [ScannedColumn, number][])
      this.#exports[name].value = index;
    this.clear();
  }

  /** Forgets the window: the next call gets other bytes. */
  clear(): void {
    this.#from = 0;
    this.#to = 0;
  }

  /**
   * Finds rows from a position on, until one is written otherwise.
   * @param allMessages whether messages of successful rows are read too
   * @returns their number; 0: the first one is written otherwise, longer than half the window, or not whole
   */
  scan(bytes: Uint8Array, position: number, allMessages: boolean): number {
    if (position < this.#from || position >= this.#to) this.#moveWindow(bytes, position);
    const rows = this.#scan(position, allMessages);
    if (rows > 0 || this.#to === bytes.length || position < this.#middle) return rows;
    // The window may end within the row. Not moved for every row that is written otherwise: it costs a copy.
    this.#moveWindow(bytes, position);
    return this.#scan(position, allMessages);
  }

  /** Where the last scan's rows end. */
  get end(): number {
    return this.#from + this.#exports.next();
  }

  /** How many different texts were found. */
  get textCount(): number {
    return this.#exports.textCount();
  }

  /** Whether the last scan ended for lack of room for texts. */
  get hasNoRoom(): boolean {
    return this.#exports.hasNoRoom() !== 0;
  }

  /** Bytes of a text. @param index from 1 to the number of texts */
  text(index: number): Uint8Array {
    const at = this.#textAt[index] as number;
    return this.#memory.subarray(at, at + (this.#textLength[index] as number));
  }

  /** Begins anew: indexes of texts mean others from now on. */
  forgetTexts(): void {
    this.#exports.forgetTexts();
  }

  get #middle(): number {
    return this.#from + this.#window.length / 2;
  }

  #writeWords(words: readonly string[]): void {
    const { WORDS, WORD_BYTES, WORD_LENGTHS, memory } = this.#exports;
    const lengths = new Int32Array(memory.buffer, WORD_LENGTHS.value, words.length);
    for (const [index, word] of words.entries()) {
      if (word.length > WORD_BYTES.value) throw new RangeError(`the word ${word} is too long`);
      this.#memory.set(Buffer.from(word), WORDS.value + index * WORD_BYTES.value);
      lengths[index] = word.length;
    }
    this.#exports.words.value = words.length;
  }

  #moveWindow(bytes: Uint8Array, position: number): void {
    this.#from = position;
    this.#to = Math.min(bytes.length, position + this.#window.length);
    this.#window.set(bytes.subarray(position, this.#to));
    this.#exports.setWindow(this.#to - position);
  }

  #scan(position: number, allMessages: boolean): number {
    return this.#exports.scan(position - this.#from, allMessages ? 1 : 0, this.#dialect.messageCharacter);
  }
}
