// biome-ignore-all lint/style/useConst: the caller sets exported variables
/**
 * Finds either of two texts in bytes, 32 places at a time: where a text's first and last byte both stand.
 *
 * AssemblyScript; after a change: npm run wasm -w packages/analyzer. Nothing is allocated: the caller writes texts and
 * bytes to the exported addresses.
 */

/** Bytes that are searched at once: they stay in the processor's cache. */
export const WINDOW_BYTES: i32 = 1 << 15;
export const MAX_TEXT_BYTES: i32 = 64;
/** A step of 32 bytes and a text, read beyond the window's end. */
const PADDING: i32 = 32 + MAX_TEXT_BYTES;
const WINDOW: i32 = 0;
export const FIRST: i32 = WINDOW + WINDOW_BYTES + PADDING;
export const SECOND: i32 = FIRST + MAX_TEXT_BYTES;

/** Bytes of the texts, at least one each. */
export let firstBytes: i32 = 1;
export let secondBytes: i32 = 1;

/** Whether either text stands in the window. @param length bytes in the window */
export function holdsEither(length: i32): bool {
  const firstBegin = i8x16.splat(load<i8>(FIRST));
  const secondBegin = i8x16.splat(load<i8>(SECOND));
  const toFirstEnd = firstBytes - 1;
  const toSecondEnd = secondBytes - 1;
  const firstEnd = i8x16.splat(load<i8>(FIRST + toFirstEnd));
  const secondEnd = i8x16.splat(load<i8>(SECOND + toSecondEnd));
  const end = WINDOW + length;
  for (let at = WINDOW; at < end; at += 32) {
    const left = v128.load(at);
    const right = v128.load(at, 16);
    const found = v128.or(
      v128.or(
        v128.and(i8x16.eq(left, firstBegin), i8x16.eq(v128.load(at + toFirstEnd), firstEnd)),
        v128.and(i8x16.eq(left, secondBegin), i8x16.eq(v128.load(at + toSecondEnd), secondEnd)),
      ),
      v128.or(
        v128.and(i8x16.eq(right, firstBegin), i8x16.eq(v128.load(at + toFirstEnd, 16), firstEnd)),
        v128.and(i8x16.eq(right, secondBegin), i8x16.eq(v128.load(at + toSecondEnd, 16), secondEnd)),
      ),
    );
    if (v128.any_true(found) && stepHoldsEither(at, end)) return true;
  }
  return false;
}

function stepHoldsEither(from: i32, end: i32): bool {
  for (let at = from; at < from + 32; at++)
    if (standsAt(at, end, FIRST, firstBytes) || standsAt(at, end, SECOND, secondBytes)) return true;
  return false;
}

function standsAt(at: i32, end: i32, text: i32, bytes: i32): bool {
  if (at + bytes > end) return false;
  for (let byte = 0; byte < bytes; byte++) if (load<u8>(at + byte) !== load<u8>(text + byte)) return false;
  return true;
}
