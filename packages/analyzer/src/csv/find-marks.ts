import { Buffer } from "node:buffer";
import { CODE } from "./find-marks.generated.ts";

/** Bytes that are searched at once: they and the positions stay in the processor's cache. */
export const WINDOW_BYTES = 1 << 15;
/** So many bytes are compared at once, the last time also some behind the end. */
const STEP = 16;
const NO_MARK = 0xff;

/** Finds the positions of the bytes that divide rows and fields: delimiters, line ends, quotes and zero bytes. */
export interface MarkFinder {
  /** Positions, ascending; valid until the next search. */
  readonly at: Int32Array;
  /** @param to at most WINDOW_BYTES behind `from` @returns the number of positions */
  find(bytes: Uint8Array, from: number, to: number): number;
}

/** @param delimiter its code; one beyond ASCII is never found, as its bytes are several */
export function createMarkFinder(delimiter: number): MarkFinder {
  return createSimdFinder(delimiter) ?? createPlainFinder(delimiter);
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  find(length: number, delimiter: number, base: number): number;
}

let code: WebAssembly.Module | undefined;

/** @returns undefined: the machine or runtime lacks WebAssembly's SIMD */
export function createSimdFinder(delimiter: number): MarkFinder | undefined {
  let exports: Exports;
  try {
    code ??= new WebAssembly.Module(Buffer.from(CODE, "base64"));
    exports = new WebAssembly.Instance(code).exports as unknown as Exports;
  } catch {
    return undefined;
  }
  const window = new Uint8Array(exports.memory.buffer, 0, WINDOW_BYTES + STEP);
  const searched = delimiter < 128 ? delimiter : 0;
  return {
    at: new Int32Array(exports.memory.buffer, window.length, WINDOW_BYTES),
    find(bytes, from, to) {
      window.set(bytes.subarray(from, to));
      window.fill(NO_MARK, to - from, to - from + STEP);
      return exports.find(to - from, searched, from);
    },
  };
}

/** The same without WebAssembly. */
export function createPlainFinder(delimiter: number): MarkFinder {
  const at = new Int32Array(WINDOW_BYTES);
  const isMark = new Uint8Array(256);
  for (const mark of [0, 10, 13, 34, delimiter < 128 ? delimiter : 0]) isMark[mark] = 1;
  return {
    at,
    find(bytes, from, to) {
      let count = 0;
      for (let index = from; index < to; index++)
        if (isMark[bytes[index] as number] === 1) at[count++] = index;
      return count;
    },
  };
}
