import { Buffer } from "node:buffer";

/** Bytes that came and are not used up yet, in one piece; grows by doubling, never shrinks. */
export class Pending {
  /** A Buffer searches ten times as fast as another typed array. */
  #buffer = Buffer.alloc(1 << 16);
  #start = 0;
  #end = 0;

  /** Appends a copy of a chunk. */
  push(chunk: Uint8Array): void {
    const kept = this.#end - this.#start;
    if (this.#end + chunk.length > this.#buffer.length) {
      let size = this.#buffer.length;
      while (size < kept + chunk.length) size *= 2;
      const target = size === this.#buffer.length ? this.#buffer : Buffer.alloc(size);
      target.set(this.bytes);
      this.#buffer = target;
      this.#start = 0;
      this.#end = kept;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  get isEmpty(): boolean {
    return this.#start === this.#end;
  }

  /** A view; valid until the next push(). */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Forgets the first `count` bytes. */
  drop(count: number): void {
    this.#start += count;
    if (this.#start === this.#end) {
      this.#start = 0;
      this.#end = 0;
    }
  }
}
