import { Buffer } from "node:buffer";

/** Encodings that need no transcoding; US-ASCII is part of UTF-8. */
const AS_THEY_ARE = /^(utf-?8|us-ascii|ascii)$/i;
const DECLARATION = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/;

/**
 * The encoding of a log by its byte order mark, the zero bytes of UTF-16 and UTF-32, or its XML declaration.
 * @param head the log's first bytes, at least 8 if it has so many
 * @returns a name for TextDecoder, or UTF-32LE or UTF-32BE, which it does not know; undefined: UTF-8 as far as can be seen
 *
 * @example
 * ```ts
 * detectEncoding(new TextEncoder().encode('<?xml version="1.0" encoding="ISO-8859-1"?>')); // "ISO-8859-1"
 * ```
 */
export function detectEncoding(head: Uint8Array): string | undefined {
  const [first, second] = head;
  const zeros = Array.from(head.subarray(0, 8), (byte) => (byte === 0 ? "0" : "x")).join("");
  if (zeros === "x000x000" || (first === 0xff && second === 0xfe && zeros.startsWith("xx00")))
    return "UTF-32LE";
  if (zeros === "000x000x" || zeros === "00xx000x") return "UTF-32BE";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (zeros === "x0x0x0x0") return "utf-16le";
  if (zeros === "0x0x0x0x") return "utf-16be";
  const [, declared] = DECLARATION.exec(windows1252.decode(head.subarray(0, 1000))) ?? [];
  // The declaration has one byte per character, so the log is not UTF-16 whatever it declares.
  return declared === undefined || AS_THEY_ARE.test(declared) || /^utf-?16/i.test(declared)
    ? undefined
    : declared;
}

/**
 * Turns bytes of an encoding into bytes of UTF-8, piece by piece.
 * @returns takes a chunk, or at the end nothing; undefined if the encoding is unknown
 */
export function createTranscoder(encoding: string): ((chunk?: Uint8Array) => Uint8Array) | undefined {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding);
  } catch {
    return undefined; // a misspelt or damaged declaration
  }
  const encoder = new TextEncoder();
  return (chunk) => encoder.encode(decoder.decode(chunk, { stream: chunk !== undefined }));
}

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** Whether lines end with a carriage return alone, as old Macs wrote them. @param head in ASCII or UTF-8 */
export const hasOldLineEnds = (head: Uint8Array): boolean =>
  head.includes(CARRIAGE_RETURN) && !head.includes(NEWLINE);

/** The same bytes with newlines for carriage returns. */
export const withNewlines = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (byte === CARRIAGE_RETURN ? NEWLINE : byte));

/** Maps each byte to a different character, so different texts stay different. */
const windows1252 = new TextDecoder("windows-1252");

/** Decodes the texts of one log: UTF-8, or Windows-1252 (ISO 8859-1 and more) for a text that is not UTF-8. */
export class TextReader {
  readonly #utf8 = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
  #firstOther: string | undefined;

  /** The first text that was not UTF-8. */
  get firstOther(): string | undefined {
    return this.#firstOther;
  }

  decode(bytes: Uint8Array): string {
    const whole = this.#whole(bytes);
    if (whole !== undefined) return whole;
    const text = windows1252.decode(bytes);
    this.#firstOther ??= text.slice(0, 80);
    return text;
  }

  /**
   * Decodes the parts of bytes each by itself, so that one text that is not UTF-8 changes no other.
   * @param divide finds the parts in a text, by characters of ASCII alone
   */
  decodeParts(
    bytes: Uint8Array,
    divide: (text: string) => readonly string[] | undefined,
  ): readonly string[] | undefined {
    const whole = this.#whole(bytes);
    if (whole !== undefined) return divide(whole);
    // One character per byte; TextDecoder's latin1 is Windows-1252.
    const parts = divide(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1"));
    return parts?.map((part) => this.decode(Buffer.from(part, "latin1")));
  }

  #whole(bytes: Uint8Array): string | undefined {
    try {
      return this.#utf8.decode(bytes);
    } catch {
      return undefined;
    }
  }
}
