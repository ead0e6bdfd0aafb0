/**
 * A byte buffer that grows and is reused for each request. New buffers per request would cost a virtual user
 * several megabytes, and a load generator runs many virtual users.
 */
export class GrowingBytes {
  #buffer = Buffer.allocUnsafeSlow(1 << 16);
  #length = 0;

  /** Number of bytes in it. */
  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Adds a copy of the bytes. */
  append(bytes: Uint8Array): void {
    this.room(bytes.length).set(bytes);
    this.#length += bytes.length;
  }

  /** Adds text that is ASCII, as base64 and HTTP heads are. */
  appendAscii(text: string): void {
    this.room(text.length).write(text, "latin1");
    this.#length += text.length;
  }

  /** Free space for at least `size` bytes after the content; call filled() with the number of bytes used. */
  room(size: number): Buffer {
    const needed = this.#length + size;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
      larger.set(this.view());
      this.#buffer = larger;
    }
    return this.#buffer.subarray(this.#length);
  }

  filled(size: number): void {
    this.#length += size;
  }

  /** What is in it, not copied: valid until the next change. */
  view(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}
