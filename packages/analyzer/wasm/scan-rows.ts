/**
 * Reads CSV rows or XML samples as JMeter writes them: numbers, booleans, and texts as indexes into a table of the
 * different ones. The caller reads those in any other form, or with an invalid number.
 *
 * AssemblyScript; after a change: npm run wasm -w packages/analyzer. Nothing is allocated: all of the memory is laid out
 * here, and the caller reads the exported addresses.
 */

import { findRow, goTo, searchMarks } from "./csv-rows";
import {
  allThreads,
  bytes,
  connect,
  divisor,
  elapsed,
  endOfTime,
  FROM,
  failureMessage,
  hostname,
  isEqual,
  LAYOUT_END,
  label,
  latency,
  multiplier,
  PADDING,
  responseCode,
  responseMessage,
  sampleCount,
  sentBytes,
  success,
  TO,
  tail,
  threadName,
  timeStamp,
  WINDOW,
  words,
} from "./layout";
import { endWindow, findSample } from "./xml-samples";

export {
  allThreads,
  bytes,
  columns,
  connect,
  delimiter,
  divisor,
  elapsed,
  endOfTime,
  failureMessage,
  hostname,
  label,
  latency,
  multiplier,
  responseCode,
  responseMessage,
  sampleCount,
  sentBytes,
  success,
  threadName,
  timeStamp,
  WINDOW_BYTES,
  WORD_BYTES,
  WORD_LENGTHS,
  WORDS,
  words,
} from "./layout";

/** Rows of one scan at most. */
export const MAX_ROWS: i32 = 1 << 11;
/** Start, in milliseconds. */
export const TIME: i32 = LAYOUT_END;
/** Columns of whole numbers; -1: no such column, or nothing in it. */
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

/** What a column of numbers holds; a row with more is left to the caller. */
const MAX_NUMBER: i64 = 0x7fffffff;
const MAX_DIGITS: i32 = 15;
/** Nanoseconds since 1970: not exact beyond 15 digits, but to far less than a millisecond. */
const MAX_TIME_DIGITS: i32 = 19;

/** Texts with their index from 1 on. */
let texts: i32 = 0;
let arenaEnd: i32 = ARENA;
let isFull: bool = false;
let rowsEnd: i32 = 0;

/** Bytes of memory that are needed. */
export function memoryBytes(): i32 {
  return END + PADDING;
}

/** The caller has put other bytes into the window. @param length how many; 16 more are overwritten */
export function setWindow(length: i32): void {
  if (words === 0) searchMarks(length);
  else endWindow(length);
}

/**
 * Reads the rows from a position in the window on, until one is odd or not whole.
 * @param all whether messages of successful rows are wanted that do not begin with this character
 * @returns the number of rows; next() is the position behind them
 */
export function scan(position: i32, all: bool, character: i32): i32 {
  let from = WINDOW + position;
  if (words === 0) goTo(from);
  let row = 0;
  isFull = false;
  for (; row < MAX_ROWS; row++) {
    const lineEnd = words === 0 ? findRow(from) : findSample(from);
    if (lineEnd < 0 || !readRow(row, all, character)) break;
    from = lineEnd + 1;
  }
  rowsEnd = from;
  return row;
}

/** Position behind the rows of the last scan. */
export function next(): i32 {
  return rowsEnd - WINDOW;
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

/** @returns false: a value is not as JMeter writes it, or a text has no room */
function readRow(row: i32, all: bool, character: i32): bool {
  return (
    (isEmpty(sampleCount) || wholeNumber(sampleCount) === 1) &&
    readTime(row) &&
    readNumber(ELAPSED + 4 * row, elapsed) &&
    load<i32>(ELAPSED + 4 * row) >= 0 &&
    readNumber(BYTES + 4 * row, bytes) &&
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

/** @returns false: it is no whole number, or too large */
function readNumber(target: i32, field: i32): bool {
  const number = wholeNumber(field);
  store<i32>(target, <i32>number);
  return number <= MAX_NUMBER && (number >= 0 || isEmpty(field));
}

/** Whether there is no such column, or nothing in it. */
function isEmpty(field: i32): bool {
  return field < 0 || load<i32>(FROM + 4 * field) === load<i32>(TO + 4 * field);
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
