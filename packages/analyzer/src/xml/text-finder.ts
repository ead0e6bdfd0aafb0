import { Buffer } from "node:buffer";
import { CODE } from "./find-text.generated.ts";

/** What wasm/find-text.ts exports; its constants are addresses and sizes. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly WINDOW_BYTES: WebAssembly.Global<"i32">;
  readonly FIRST: WebAssembly.Global<"i32">;
  readonly SECOND: WebAssembly.Global<"i32">;
  readonly firstBytes: WebAssembly.Global<"i32">;
  readonly secondBytes: WebAssembly.Global<"i32">;
  holdsEither(length: number): number;
}

/** @returns undefined: the machine or runtime lacks WebAssembly's SIMD */
function instantiate(): Exports | undefined {
  try {
    const code = new WebAssembly.Module(Buffer.from(CODE, "base64"));
    return new WebAssembly.Instance(code).exports as unknown as Exports;
  } catch {
    return undefined;
  }
}

/**
 * Tells whether bytes hold either of two texts of 1 to 64 bytes, by WebAssembly: in a web page Buffer's own search takes
 * two to six times as long, depending on which letters are frequent.
 *
 * @example
 * ```ts
 * const hasError = createTextFinder("Exception", "Error");
 * hasError(Buffer.from("no Error here")); // true
 * ```
 */
export function createTextFinder(first: string, second: string): (bytes: Uint8Array) => boolean {
  const exports = instantiate();
  const texts = [Buffer.from(first), Buffer.from(second)] as const;
  if (exports === undefined)
    return ({ buffer, byteOffset, length }) =>
      texts.some((text) => Buffer.from(buffer, byteOffset, length).includes(text));
  const memory = new Uint8Array(exports.memory.buffer);
  memory.set(texts[0], exports.FIRST.value);
  memory.set(texts[1], exports.SECOND.value);
  exports.firstBytes.value = texts[0].length;
  exports.secondBytes.value = texts[1].length;
  const window = exports.WINDOW_BYTES.value;
  // A text may stand across the end of a window.
  const step = window - Math.max(texts[0].length, texts[1].length) + 1;
  const holdsEither = (part: Uint8Array) => {
    memory.set(part);
    return exports.holdsEither(part.length) !== 0;
  };
  return (bytes) => {
    if (bytes.length <= window) return holdsEither(bytes);
    for (let at = 0; at < bytes.length; at += step)
      if (holdsEither(bytes.subarray(at, at + window))) return true;
    return false;
  };
}
