import type { TextReader } from "../jtl/encoding.ts";

const SLOTS = 1 << 14;

/**
 * Remembers the texts of one column, so that a value that comes a million times is decoded once: open addressing
 * over the bytes. When three quarters are full it begins anew, so memory stays bounded.
 */
export class Interner {
  #texts: (string | undefined)[] = new Array(SLOTS);
  #bytes: (Uint8Array | undefined)[] = new Array(SLOTS);
  readonly #reader: TextReader;
  #used = 0;
  #last = 0;

  constructor(reader: TextReader) {
    this.#reader = reader;
  }

  /** The text of `bytes[from..to)`. */
  text(bytes: Uint8Array, from: number, to: number): string {
    if (this.#matches(this.#last, bytes, from, to)) return this.#texts[this.#last] as string;
    let hash = to - from;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
    let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    while (this.#bytes[slot] !== undefined) {
      if (this.#matches(slot, bytes, from, to)) {
        this.#last = slot;
        return this.#texts[slot] as string;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    const text = this.#reader.decode(bytes.subarray(from, to));
    if (to - from > 256) return text; // long ones are not worth the memory
    if (this.#used >= SLOTS * 0.75) {
      this.#texts = new Array(SLOTS);
      this.#bytes = new Array(SLOTS);
      this.#used = 0;
    }
    this.#bytes[slot] = bytes.slice(from, to);
    this.#texts[slot] = text;
    this.#used++;
    this.#last = slot;
    return text;
  }

  #matches(slot: number, bytes: Uint8Array, from: number, to: number): boolean {
    const known = this.#bytes[slot];
    if (known === undefined || known.length !== to - from) return false;
    // From the end: names differ there.
    for (let i = known.length - 1; i >= 0; i--) if (known[i] !== bytes[from + i]) return false;
    return true;
  }
}
