import type { TextReader } from "../jtl/encoding.ts";

const SLOTS = 1 << 14;
const MAX_USED = SLOTS * 0.75;
/** Longer texts are not worth the memory. */
const MAX_LENGTH = 256;

/** A text and its bytes. */
interface Entry {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Remembers the texts of one column, so that a value that comes a million times is decoded once: open addressing
 * over the bytes. When three quarters are full it begins anew, so memory stays bounded.
 */
export class Interner {
  #entries: (Entry | undefined)[] = new Array(SLOTS);
  readonly #reader: TextReader;
  #used = 0;
  #last: Entry | undefined;

  constructor(reader: TextReader) {
    this.#reader = reader;
  }

  /** The text of `bytes[from..to)`. */
  text(bytes: Uint8Array, from: number, to: number): string {
    if (this.#last !== undefined && isEqual(this.#last.bytes, bytes, from, to)) return this.#last.text;
    if (to - from > MAX_LENGTH) return this.#reader.decode(bytes.subarray(from, to));
    let slot = hash(bytes, from, to) & (SLOTS - 1);
    for (let entry = this.#entries[slot]; entry !== undefined; entry = this.#entries[slot]) {
      if (isEqual(entry.bytes, bytes, from, to)) {
        this.#last = entry;
        return entry.text;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    // A copy: a Buffer's slice() would be none, and its bytes change.
    return this.#add(slot, new Uint8Array(bytes.subarray(from, to))).text;
  }

  #add(slot: number, bytes: Uint8Array): Entry {
    if (this.#used >= MAX_USED) {
      this.#entries = new Array(SLOTS);
      this.#used = 0;
    }
    this.#last = { bytes, text: this.#reader.decode(bytes) };
    this.#entries[slot] = this.#last;
    this.#used++;
    return this.#last;
  }
}

/** Four bytes at a time: a third of the time. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = to - from;
  let at = from;
  for (; at + 4 <= to; at += 4) value = Math.imul(value ^ word(bytes, at), PRIME);
  for (; at < to; at++) value = Math.imul(value ^ (bytes[at] as number), PRIME);
  return value ^ (value >>> 15);
}

/** FNV's. */
const PRIME = 0x01000193;

const word = (bytes: Uint8Array, at: number) =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

function isEqual(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  // From the end: names differ there.
  for (let i = known.length - 1; i >= 0; i--) if (known[i] !== bytes[from + i]) return false;
  return true;
}
