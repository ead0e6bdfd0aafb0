import { createMarkFinder, type MarkFinder, WINDOW_BYTES } from "./find-marks.ts";

export const NEWLINE = 10;
export const CARRIAGE_RETURN = 13;
export const QUOTE = 34;

/**
 * Where the bytes stand that divide rows and fields: delimiters, line ends, quotes and zero bytes. A window at a time is
 * searched, so that the positions take no more memory than that.
 */
export class Marks {
  /** Positions, ascending; those before `end` count. */
  readonly at: Int32Array;
  end = 0;
  /** Index of the first mark that is not used. */
  cursor = 0;
  readonly #finder: MarkFinder;
  #from = 0;
  #to = 0;

  constructor(delimiter: number) {
    this.#finder = createMarkFinder(delimiter);
    this.at = this.#finder.at;
  }

  /** Forgets all: other bytes come. */
  clear(): void {
    this.#from = 0;
    this.#to = 0;
  }

  /** Sets the cursor to the first mark from a position on. */
  seek(bytes: Uint8Array, position: number): void {
    if (position < this.#from || position >= this.#to) this.search(bytes, position);
    while (this.cursor < this.end && (this.at[this.cursor] as number) < position) this.cursor++;
  }

  /** Begins a new window. @returns false: the last one began there */
  search(bytes: Uint8Array, position: number): boolean {
    if (position === this.#from && this.#to > position) return false;
    this.#from = position;
    this.#to = Math.min(bytes.length, position + WINDOW_BYTES);
    this.end = this.#finder.find(bytes, position, this.#to);
    this.cursor = 0;
    return true;
  }
}
