// biome-ignore-all lint/style/useConst: the caller sets exported variables
/** What the caller tells about a log, and where its bytes and the fields of a row stand in memory. */

/** Bytes that are searched at once: they and the marks stay in the processor's cache. */
export const WINDOW_BYTES: i32 = 1 << 16;
/** Steps of 16 bytes with a word behind them, and texts in words of 8, read beyond the window's end. */
export const PADDING: i32 = 64;
export const WINDOW: i32 = 0;
/** Positions of delimiters, line ends, quotes and zero bytes. */
export const MARKS: i32 = WINDOW + WINDOW_BYTES + PADDING;

const MAX_FIELDS: i32 = 512;
/** Where the fields of a row stand, their quotes left out. */
export const FROM: i32 = MARKS + 4 * WINDOW_BYTES;
export const TO: i32 = FROM + 4 * MAX_FIELDS;

/** Words of an XML log, which the caller writes here: WORD_BYTES for each, their lengths apart. */
export const WORDS: i32 = TO + 4 * MAX_FIELDS;
export const WORD_BYTES: i32 = 32;
const MAX_WORDS: i32 = 32;
export const WORD_LENGTHS: i32 = WORDS + WORD_BYTES * MAX_WORDS;
export const LAYOUT_END: i32 = WORD_LENGTHS + 4 * MAX_WORDS;

// How rows are written: the caller sets these before the first row.
/** Of CSV. */
export let delimiter: i32 = 0;
/** How many words there are; 0: it is CSV. */
export let words: i32 = 0;
/** Fields of a row. */
export let columns: i32 = 0;
/** Indexes of the columns, -1: no such column. */
export let timeStamp: i32 = -1;
export let elapsed: i32 = -1;
export let label: i32 = -1;
export let responseCode: i32 = -1;
export let responseMessage: i32 = -1;
export let threadName: i32 = -1;
export let success: i32 = -1;
export let failureMessage: i32 = -1;
export let bytes: i32 = -1;
export let hostname: i32 = -1;
export let sampleCount: i32 = -1;
export let sentBytes: i32 = -1;
export let latency: i32 = -1;
export let connect: i32 = -1;
export let allThreads: i32 = -1;
/** A time in milliseconds is number × multiplier ÷ divisor, and less than the end. */
export let multiplier: f64 = 1;
export let divisor: f64 = 1;
export let endOfTime: f64 = 0;

export const NEWLINE: i32 = 10;
export const CARRIAGE_RETURN: i32 = 13;
export const QUOTE: i32 = 34;

export function setField(field: i32, from: i32, to: i32): void {
  store<i32>(FROM + 4 * field, from);
  store<i32>(TO + 4 * field, to);
}

export function isEqual(a: i32, b: i32, length: i32): bool {
  let at = 0;
  for (; at + 8 <= length; at += 8) if (load<i64>(a + at) !== load<i64>(b + at)) return false;
  return at === length || tail(a + at, length - at) === tail(b + at, length - at);
}

/** Fewer than 8 bytes. */
export function tail(at: i32, length: i32): i64 {
  return load<i64>(at) & (((<i64>1) << (8 * length)) - 1);
}
