// biome-ignore-all lint/style/useConst: the caller sets exported variables
/**
 * Reads CSV rows as JMeter writes them: numbers, truths, and texts as indexes into a table of the different ones. Rows
 * written otherwise, or with a number that is none, are left to the caller.
 *
 * AssemblyScript; after a change: npm run wasm -w packages/analyzer. Nothing is allocated: all of the memory is laid out
 * here, and the caller reads the exported addresses.
 */

/** Bytes that are searched at once: they and the marks stay in the processor's cache. */
export const WINDOW_BYTES: i32 = 1 << 16;
/** Steps of 16 bytes, and texts in words of 8, read beyond the window's end. */
const PADDING: i32 = 64;
const WINDOW: i32 = 0;
/** Positions of delimiters, line ends, quotes and zero bytes. */
const MARKS: i32 = WINDOW + WINDOW_BYTES + PADDING;

const MAX_FIELDS: i32 = 512;
/** Where the fields of a row stand, their quotes left out. */
const FROM: i32 = MARKS + 4 * WINDOW_BYTES;
const TO: i32 = FROM + 4 * MAX_FIELDS;

/** Rows of one scan at most. */
export const MAX_ROWS: i32 = 1 << 11;
/** Start, in milliseconds. */
export const TIME: i32 = TO + 4 * MAX_FIELDS;
/** Columns of whole numbers; -1: no such column, or something else in it. */
export const ELAPSED: i32 = TIME + 8 * MAX_ROWS;
export const BYTES: i32 = ELAPSED + 4 * MAX_ROWS;
export const SENT_BYTES: i32 = BYTES + 4 * MAX_ROWS;
export const LATENCY: i32 = SENT_BYTES + 4 * MAX_ROWS;
export const CONNECT: i32 = LATENCY + 4 * MAX_ROWS;
export const ALL_THREADS: i32 = CONNECT + 4 * MAX_ROWS;
/** Columns of texts, as indexes; 0: empty, no such column, or not wanted. */
export const LABEL: i32 = ALL_THREADS + 4 * MAX_ROWS;
export const CODE: i32 = LABEL + 4 * MAX_ROWS;
export const THREAD: i32 = CODE + 4 * MAX_ROWS;
export const HOST: i32 = THREAD + 4 * MAX_ROWS;
export const MESSAGE: i32 = HOST + 4 * MAX_ROWS;
export const FAILURE: i32 = MESSAGE + 4 * MAX_ROWS;
/** 1: successful. */
export const SUCCESS: i32 = FAILURE + 4 * MAX_ROWS;

/** Longer texts are not worth the memory: a row with one is left to the caller. */
const MAX_TEXT_BYTES: i32 = 1 << 12;
const SLOTS: i32 = 1 << 16;
export const MAX_TEXTS: i32 = SLOTS / 2;
const ARENA_BYTES: i32 = 1 << 22;
/** The different texts: 4 bytes a slot, the text's index; open addressing. */
const TABLE: i32 = SUCCESS + MAX_ROWS;
/** By index: hash, address and length of a text. */
const HASHES: i32 = TABLE + 4 * SLOTS;
export const TEXT_AT: i32 = HASHES + 8 * MAX_TEXTS;
export const TEXT_LENGTH: i32 = TEXT_AT + 4 * MAX_TEXTS;
const ARENA: i32 = TEXT_LENGTH + 4 * MAX_TEXTS;
const END: i32 = ARENA + ARENA_BYTES;

const NEWLINE: i32 = 10;
const CARRIAGE_RETURN: i32 = 13;
const QUOTE: i32 = 34;

/** What a column of numbers holds; a row with more is left to the caller. */
const MAX_NUMBER: i64 = 0x7fffffff;
const MAX_DIGITS: i32 = 15;
/** Nanoseconds since 1970: not exact beyond 15 digits, but to far less than a millisecond. */
const MAX_TIME_DIGITS: i32 = 19;

// How rows are written: the caller sets these before the first row.
export let delimiter: i32 = 0;
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

let marks: i32 = 0;
let cursor: i32 = 0;
let newline: i32 = 0;

/** Texts with their index from 1 on. */
let texts: i32 = 0;
let arenaEnd: i32 = ARENA;
let isFull: bool = false;

/** Bytes of memory that are needed. */
export function memoryBytes(): i32 {
  return END + PADDING;
}

/** Finds the marks of the window. @param length bytes in it; 16 more are overwritten */
export function search(length: i32): void {
  // No mark stands behind the end.
  v128.store(WINDOW + length, i8x16.splat(-1));
  const delimiters = i8x16.splat(<i8>delimiter);
  const newlines = i8x16.splat(<i8>NEWLINE);
  const returns = i8x16.splat(<i8>CARRIAGE_RETURN);
  const quotes = i8x16.splat(<i8>QUOTE);
  const zeros = i8x16.splat(0);
  let to = MARKS;
  for (let at = 0; at < length; at += 16) {
    const block = v128.load(WINDOW + at);
    let bits = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(block, delimiters), i8x16.eq(block, newlines)),
        v128.or(i8x16.eq(block, returns), v128.or(i8x16.eq(block, quotes), i8x16.eq(block, zeros))),
      ),
    );
    while (bits !== 0) {
      store<i32>(to, WINDOW + at + ctz(bits));
      to += 4;
      bits &= bits - 1;
    }
  }
  marks = (to - MARKS) >> 2;
  cursor = 0;
}

/**
 * Reads the rows from a position in the window on, until one is odd or not whole.
 * @param all whether messages of successful rows are wanted that do not begin with this character
 * @returns the number of rows; next() is the position behind them
 */
export function scan(position: i32, all: bool, character: i32): i32 {
  let from = WINDOW + position;
  while (cursor < marks && load<i32>(MARKS + 4 * cursor) < from) cursor++;
  let row = 0;
  isFull = false;
  for (; row < MAX_ROWS; row++) {
    const before = cursor;
    if (!findFields(from) || !readRow(row, all, character)) {
      cursor = before;
      break;
    }
    from = newline + 1;
  }
  newline = from;
  return row;
}

/** Position behind the rows of the last scan. */
export function next(): i32 {
  return newline - WINDOW;
}

/** Whether the last scan ended because no other text has room: after forgetTexts() it goes on. */
export function hasNoRoom(): bool {
  return isFull;
}

/** Different texts so far, their indexes from 1 on. */
export function textCount(): i32 {
  return texts;
}

export function forgetTexts(): void {
  memory.fill(TABLE, 0, 4 * SLOTS);
  texts = 0;
  arenaEnd = ARENA;
}

function mark(index: i32): i32 {
  return load<i32>(MARKS + 4 * index);
}

function setField(field: i32, from: i32, to: i32): void {
  store<i32>(FROM + 4 * field, from);
  store<i32>(TO + 4 * field, to);
}

/**
 * Finds the fields of a row of the expected columns: bare ones, or quotes around whole fields; no zero byte, and no
 * quote or line end within a field.
 * @returns false: it is written otherwise, or not whole
 */
function findFields(from: i32): bool {
  return findBareFields(from) || findQuotedFields(from);
}

/** A row with no marks but delimiters: nearly every one. */
function findBareFields(from: i32): bool {
  const last = cursor + columns - 1;
  if (last >= marks) return false;
  const end = mark(last);
  if (load<u8>(end) !== NEWLINE) return false;
  let field = 0;
  let start = from;
  for (let index = cursor; index < last; index++) {
    const to = mark(index);
    if (load<u8>(to) !== delimiter) return false;
    setField(field++, start, to);
    start = to + 1;
  }
  setField(field, start, end);
  newline = end;
  cursor = last + 1;
  return true;
}

function findQuotedFields(from: i32): bool {
  let start = from;
  let hasQuotes = false;
  let hasReturns = false;
  let field = 0;
  for (let index = cursor; index < marks; index++) {
    let to = mark(index);
    let byte: i32 = load<u8>(to);
    if (byte === CARRIAGE_RETURN) {
      if (load<u8>(to + 1) !== NEWLINE) hasReturns = true;
      continue;
    }
    let skipped = 0;
    if (byte === QUOTE && to === start) {
      hasQuotes = true;
      index = closingQuote(index + 1);
      start++;
      if (index >= marks) return false;
      to = mark(index);
      if (load<u8>(to) !== QUOTE) return false;
      skipped = load<u8>(to + 1) === CARRIAGE_RETURN ? 2 : 1;
      byte = load<u8>(to + skipped);
      index += skipped;
      if (index >= marks || (skipped === 2 && byte !== NEWLINE)) return false;
    }
    if (field === columns) return false;
    if (byte === delimiter) {
      setField(field++, start, to);
      start = to + skipped + 1;
    } else if (byte === NEWLINE) {
      if (field + 1 !== columns || (hasQuotes && hasReturns)) return false;
      const isReturn = skipped === 0 && to > from && load<u8>(to - 1) === CARRIAGE_RETURN;
      setField(field, start, isReturn ? to - 1 : to);
      newline = to + skipped;
      cursor = index + 1;
      return true;
    } else return false;
  }
  return false;
}

/** The next mark that is neither a delimiter nor a carriage return: a closing quote, if all is well. */
function closingQuote(from: i32): i32 {
  let index = from;
  for (; index < marks; index++) {
    const byte: i32 = load<u8>(mark(index));
    if (byte === QUOTE || byte === NEWLINE || byte === 0) break;
  }
  return index;
}

/** @returns false: a value is not as JMeter writes it, or a text has no room */
function readRow(row: i32, all: bool, character: i32): bool {
  return (
    (sampleCount < 0 || wholeNumber(sampleCount) === 1) &&
    readTime(row) &&
    readNumber(ELAPSED + 4 * row, elapsed) &&
    load<i32>(ELAPSED + 4 * row) >= 0 &&
    readNumber(BYTES + 4 * row, bytes) &&
    (bytes < 0 || load<i32>(BYTES + 4 * row) >= 0) &&
    readNumber(SENT_BYTES + 4 * row, sentBytes) &&
    readNumber(LATENCY + 4 * row, latency) &&
    readNumber(CONNECT + 4 * row, connect) &&
    readNumber(ALL_THREADS + 4 * row, allThreads) &&
    readSuccess(row) &&
    readText(LABEL + 4 * row, label) &&
    readText(CODE + 4 * row, responseCode) &&
    readText(THREAD + 4 * row, threadName) &&
    readText(HOST + 4 * row, hostname) &&
    readMessages(row, all || load<u8>(SUCCESS + row) === 0, character)
  );
}

function readTime(row: i32): bool {
  const number = digitsOf(timeStamp, MAX_TIME_DIGITS);
  const time = (<f64>number * multiplier) / divisor;
  store<f64>(TIME + 8 * row, time);
  return number !== NONE && time < endOfTime;
}

/** @returns false: it is too large */
function readNumber(target: i32, field: i32): bool {
  const number = wholeNumber(field);
  store<i32>(target, <i32>number);
  return number <= MAX_NUMBER;
}

/** @returns false: it is neither `true` nor `false` */
function readSuccess(row: i32): bool {
  const truth = truthOf(success);
  store<u8>(SUCCESS + row, <u8>truth);
  return truth >= 0;
}

function readMessages(row: i32, all: bool, character: i32): bool {
  const message = MESSAGE + 4 * row;
  const failure = FAILURE + 4 * row;
  store<i32>(failure, 0);
  store<i32>(message, 0);
  if (all && !readText(failure, failureMessage)) return false;
  if (responseMessage < 0) return true;
  const isWanted = all || load<u8>(load<i32>(FROM + 4 * responseMessage)) === character;
  return !isWanted || readText(message, responseMessage);
}

/** -1: no such column, something else, or too many digits. */
function wholeNumber(field: i32): i64 {
  const number = digitsOf(field, MAX_DIGITS);
  return number === NONE ? -1 : <i64>number;
}

const NONE: u64 = u64.MAX_VALUE;

/** The number that a field's digits are; NONE: no such column, something else, or too many. */
function digitsOf(field: i32, maxDigits: i32): u64 {
  if (field < 0) return NONE;
  const from = load<i32>(FROM + 4 * field);
  const to = load<i32>(TO + 4 * field);
  if (to <= from || to - from > maxDigits) return NONE;
  let value: u64 = 0;
  for (let at = from; at < to; at++) {
    const digit: u32 = <u32>load<u8>(at) - 48;
    if (digit > 9) return NONE;
    value = value * 10 + digit;
  }
  return value;
}

/** `true` and `fals` as they stand in memory. */
const TRUE: i32 = 0x65757274;
const FALS: i32 = 0x736c6166;

/** 1: `true`, 0: `false`, -1: something else. */
function truthOf(field: i32): i32 {
  const from = load<i32>(FROM + 4 * field);
  const length = load<i32>(TO + 4 * field) - from;
  const word = load<i32>(from);
  if (length === 4 && word === TRUE) return 1;
  return length === 5 && word === FALS && load<u8>(from + 4) === 0x65 ? 0 : -1;
}

/** Stores a text's index. @returns false: it is too long, or has no room */
function readText(target: i32, field: i32): bool {
  if (field < 0) {
    store<i32>(target, 0);
    return true;
  }
  const from = load<i32>(FROM + 4 * field);
  const length = load<i32>(TO + 4 * field) - from;
  if (length === 0) {
    store<i32>(target, 0);
    return true;
  }
  if (length > MAX_TEXT_BYTES) return false;
  const hash = hashOf(from, length);
  let slot = <i32>hash & (SLOTS - 1);
  for (let index = load<i32>(TABLE + 4 * slot); index !== 0; index = load<i32>(TABLE + 4 * slot)) {
    if (
      load<i64>(HASHES + 8 * index) === hash &&
      load<i32>(TEXT_LENGTH + 4 * index) === length &&
      isEqual(load<i32>(TEXT_AT + 4 * index), from, length)
    ) {
      store<i32>(target, index);
      return true;
    }
    slot = (slot + 1) & (SLOTS - 1);
  }
  const index = addText(from, length, hash);
  if (index === 0) return false;
  store<i32>(TABLE + 4 * slot, index);
  store<i32>(target, index);
  return true;
}

/** @returns 0: no room */
function addText(from: i32, length: i32, hash: i64): i32 {
  if (texts + 1 >= MAX_TEXTS || arenaEnd + length > END) {
    isFull = true;
    return 0;
  }
  texts++;
  memory.copy(arenaEnd, from, length);
  store<i64>(HASHES + 8 * texts, hash);
  store<i32>(TEXT_AT + 4 * texts, arenaEnd);
  store<i32>(TEXT_LENGTH + 4 * texts, length);
  arenaEnd += length;
  return texts;
}

/** 2⁶⁴ ÷ the golden ratio. */
const FACTOR: i64 = ((<i64>0x9e3779b9) << 32) | 0x7f4a7c15;

function hashOf(from: i32, length: i32): i64 {
  let value: i64 = length;
  let at = from;
  const end = from + length;
  for (; at + 8 <= end; at += 8) value = mixed(value ^ load<i64>(at));
  return at < end ? mixed(value ^ tail(at, end - at)) : value;
}

function mixed(value: i64): i64 {
  const product = value * FACTOR;
  return product ^ (product >>> 29);
}

/** Fewer than 8 bytes. */
function tail(at: i32, length: i32): i64 {
  return load<i64>(at) & (((<i64>1) << (8 * length)) - 1);
}

function isEqual(a: i32, b: i32, length: i32): bool {
  let at = 0;
  for (; at + 8 <= length; at += 8) if (load<i64>(a + at) !== load<i64>(b + at)) return false;
  return at === length || tail(a + at, length - at) === tail(b + at, length - at);
}
