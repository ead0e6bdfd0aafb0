import { NumberColumn } from "./number-column.ts";

const UUID_LENGTH = 36;
const UUID_BYTES = 16;
const UUIDS_AT_ONCE = 1024;

/**
 * Texts in order, absent ones too. Each different text is kept once, but UUIDs, of which there may be one a row, as
 * their sixteen bytes.
 */
export class TextColumn {
  /** Of a text from 0 on; of a UUID below 0; NaN: absent. */
  readonly #codes = new NumberColumn();
  readonly #texts: string[] = [];
  readonly #known = new Map<string, number>();
  readonly #uuids: Uint8Array[] = [];
  #uuidCount = 0;
  #last: string | undefined;
  #lastCode = 0;

  push(text: string | undefined): void {
    this.#codes.push(text === undefined ? Number.NaN : this.#code(text));
  }

  get(index: number): string | undefined {
    const code = this.#codes.get(index);
    if (Number.isNaN(code)) return undefined;
    return code < 0 ? this.#uuid(-1 - code) : this.#texts[code];
  }

  /** Whether there is a text from one index to another, without the last. */
  hasValue(from: number, to: number): boolean {
    return this.#codes.hasValue(from, to);
  }

  #code(text: string): number {
    if (text === this.#last) return this.#lastCode;
    if (text.length === UUID_LENGTH && this.#pushUuid(text)) return -this.#uuidCount;
    let code = this.#known.get(text);
    if (code === undefined) {
      code = this.#texts.length;
      this.#texts.push(text);
      this.#known.set(text, code);
    }
    this.#last = text;
    this.#lastCode = code;
    return code;
  }

  /** @returns whether it is a UUID as usually written: lower case, four hyphens */
  #pushUuid(text: string): boolean {
    const at = this.#uuidCount % UUIDS_AT_ONCE;
    if (at === 0) this.#uuids[this.#uuidCount / UUIDS_AT_ONCE] ??= new Uint8Array(UUIDS_AT_ONCE * UUID_BYTES);
    const bytes = this.#uuids[Math.floor(this.#uuidCount / UUIDS_AT_ONCE)] as Uint8Array;
    let digits = 0;
    for (let i = 0; i < UUID_LENGTH; i++) {
      const code = text.charCodeAt(i);
      if (HYPHENS.has(i)) {
        if (code !== 45) return false;
        continue;
      }
      const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1;
      if (digit < 0) return false;
      const place = at * UUID_BYTES + (digits >> 1);
      bytes[place] = digits % 2 === 0 ? digit << 4 : (bytes[place] as number) | digit;
      digits++;
    }
    this.#uuidCount++;
    return true;
  }

  #uuid(index: number): string {
    const from = (index % UUIDS_AT_ONCE) * UUID_BYTES;
    const bytes = (this.#uuids[Math.floor(index / UUIDS_AT_ONCE)] as Uint8Array).subarray(
      from,
      from + UUID_BYTES,
    );
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
}

const HYPHENS = new Set([8, 13, 18, 23]);
