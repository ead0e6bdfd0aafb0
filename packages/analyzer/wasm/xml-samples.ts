/** Finds the attributes of XML samples as JMeter writes them, and passes over what else is in them. */
import {
  allThreads,
  bytes,
  CARRIAGE_RETURN,
  columns,
  connect,
  elapsed,
  hostname,
  isEqual,
  label,
  latency,
  NEWLINE,
  QUOTE,
  responseCode,
  responseMessage,
  sampleCount,
  sentBytes,
  setField,
  success,
  threadName,
  timeStamp,
  WINDOW,
  WORD_BYTES,
  WORD_LENGTHS,
  WORDS,
  words,
} from "./layout";

// What the caller writes as words, in this order.
/** Response data with either of these two may hold a client's report. */
const REPORT: i32 = 0;
const OLD_REPORT: i32 = 1;
const SAMPLE: i32 = 2;
const HTTP_SAMPLE: i32 = 3;
const DATA: i32 = 4;
/** The only attribute of the elements in a sample, behind a space. */
const CLASS: i32 = 5;
/** Names of elements that a summary does not use, up to the last word. */
const FIRST_DETAIL: i32 = 6;

const SPACE: i32 = 32;
const AMPERSAND: i32 = 38;
const SLASH: i32 = 47;
const LESS: i32 = 60;
const EQUALS: i32 = 61;
const GREATER: i32 = 62;
const ASCII_END: i32 = 128;

let windowEnd: i32 = 0;

/** No search goes beyond the window's end. @param length bytes in it; 16 more are overwritten */
export function endWindow(length: i32): void {
  windowEnd = WINDOW + length;
  v128.store(windowEnd, i8x16.splat(0));
}

/**
 * Finds the fields of a sample with plain values that holds at most response data without a report, once, and details.
 * @returns the position of its line end; -1: it is written otherwise, or not whole
 */
export function findSample(from: i32): i32 {
  const nameLength = sampleName(from + 1);
  if (load<u8>(from) !== LESS || nameLength === 0) return -1;
  const tagEnd = findAttributes(from + 1 + nameLength);
  if (tagEnd < 0) return -1;
  if (load<u8>(tagEnd - 2) === SLASH) return lineEnd(tagEnd);
  let at = tagEnd;
  let hasData = false;
  while (true) {
    while (isBlank(load<u8>(at))) at++;
    if (load<u8>(at) !== LESS) return -1;
    if (load<u8>(at + 1) === SLASH) {
      const isEnd = isEqual(at + 2, from + 1, nameLength) && load<u8>(at + 2 + nameLength) === GREATER;
      return isEnd ? lineEnd(at + 3 + nameLength) : -1;
    }
    const isData = standsAt(at + 1, DATA);
    if (isData && hasData) return -1;
    hasData = hasData || isData;
    at = isData ? elementEnd(at + 1, DATA) : detailEnd(at + 1);
    if (at < 0) return -1;
  }
}

function isLetter(byte: i32): bool {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

function isBlank(byte: i32): bool {
  return byte === SPACE || (byte >= 9 && byte <= CARRIAGE_RETURN);
}

function wordAt(word: i32): i32 {
  return WORDS + WORD_BYTES * word;
}

function wordLength(word: i32): i32 {
  return load<i32>(WORD_LENGTHS + 4 * word);
}

function standsAt(at: i32, word: i32): bool {
  return isEqual(at, wordAt(word), wordLength(word));
}

/** Length of the sample element's name; 0 if the element is not a sample. */
function sampleName(at: i32): i32 {
  for (let word = SAMPLE; word <= HTTP_SAMPLE; word++)
    if (standsAt(at, word) && load<u8>(at + wordLength(word)) === SPACE) return wordLength(word);
  return 0;
}

/** @returns the position behind the tag; -1: it is written otherwise */
function findAttributes(from: i32): i32 {
  for (let field = 0; field < columns; field++) setField(field, WINDOW, WINDOW);
  let at = from;
  while (true) {
    let byte: i32 = load<u8>(at++);
    if (byte === GREATER) return at;
    if (byte === SLASH) return load<u8>(at) === GREATER ? at + 1 : -1;
    if (byte !== SPACE) return -1;
    let name: u32 = 0;
    for (byte = load<u8>(at++); byte !== EQUALS; byte = load<u8>(at++)) {
      if (!isLetter(byte)) return -1;
      name = (name << 8) | byte;
    }
    if (name === 0) return -1;
    if (load<u8>(at++) !== QUOTE) return -1;
    const start = at;
    for (byte = load<u8>(at); byte !== QUOTE; byte = load<u8>(++at))
      if (byte === 0 || byte === AMPERSAND || byte === LESS || byte >= ASCII_END) return -1;
    const field = fieldOf(name);
    if (field >= 0) setField(field, start, at);
    at++;
  }
}

/** The field for an attribute; -1 if it is not used. @param name the letters of its name, packed into a number */
function fieldOf(name: u32): i32 {
  switch (name) {
    case 0x74: // t
      return elapsed;
    case 0x6c74: // lt
      return latency;
    case 0x6374: // ct
      return connect;
    case 0x7473: // ts
      return timeStamp;
    case 0x73: // s
      return success;
    case 0x6c62: // lb
      return label;
    case 0x7263: // rc
      return responseCode;
    case 0x726d: // rm
      return responseMessage;
    case 0x746e: // tn
      return threadName;
    case 0x6279: // by
      return bytes;
    case 0x736279: // sby
      return sentBytes;
    case 0x6e61: // na
      return allThreads;
    case 0x686e: // hn
      return hostname;
    case 0x7363: // sc
      return sampleCount;
    default:
      return -1;
  }
}

/** @returns the position behind an element that a summary does not use; -1: it is another one */
function detailEnd(name: i32): i32 {
  for (let word = FIRST_DETAIL; word < words; word++) {
    if (!standsAt(name, word)) continue;
    const end = elementEnd(name, word);
    if (end >= 0) return end;
  }
  return -1;
}

/** @returns the position behind an element that holds only text; -1: it is written otherwise */
function elementEnd(name: i32, word: i32): i32 {
  const length = wordLength(word);
  let at = name + length;
  if (load<u8>(at) === SPACE && standsAt(at, CLASS)) at += wordLength(CLASS);
  if (load<u8>(at) === SLASH && word !== DATA) return load<u8>(at + 1) === GREATER ? at + 2 : -1;
  if (load<u8>(at) !== GREATER) return -1;
  const close = word === DATA ? dataEnd(at + 1) : textEnd(at + 1);
  if (close < 0 || load<u8>(close + 1) !== SLASH || !standsAt(close + 2, word)) return -1;
  return load<u8>(close + 2 + length) === GREATER ? close + 3 + length : -1;
}

/** The next `<`; -1: a zero byte, or the window's end, comes before it. */
function textEnd(from: i32): i32 {
  const less = i8x16.splat(<i8>LESS);
  const zero = i8x16.splat(0);
  let at = from;
  while (true) {
    const block = v128.load(at);
    const bits = i8x16.bitmask(v128.or(i8x16.eq(block, less), i8x16.eq(block, zero)));
    if (bits !== 0) return lessAt(at + ctz(bits));
    at += 16;
  }
}

function lessAt(at: i32): i32 {
  return load<u8>(at) === LESS ? at : -1;
}

/** As textEnd(); -1 too if a report may be in the data. A report's word is looked for where its first and last byte stand. */
function dataEnd(from: i32): i32 {
  const less = i8x16.splat(<i8>LESS);
  const zero = i8x16.splat(0);
  const toEnd = wordLength(REPORT) - 1;
  const toOldEnd = wordLength(OLD_REPORT) - 1;
  const begin = i8x16.splat(load<i8>(wordAt(REPORT)));
  const oldBegin = i8x16.splat(load<i8>(wordAt(OLD_REPORT)));
  const end = i8x16.splat(load<i8>(wordAt(REPORT) + toEnd));
  const oldEnd = i8x16.splat(load<i8>(wordAt(OLD_REPORT) + toOldEnd));
  let at = from;
  while (true) {
    const block = v128.load(at);
    const ends = v128.or(i8x16.eq(block, less), i8x16.eq(block, zero));
    const reports = v128.or(
      v128.and(i8x16.eq(block, begin), i8x16.eq(v128.load(at + toEnd), end)),
      v128.and(i8x16.eq(block, oldBegin), i8x16.eq(v128.load(at + toOldEnd), oldEnd)),
    );
    if (v128.any_true(v128.or(ends, reports))) {
      const bits = i8x16.bitmask(ends);
      const stop = bits === 0 ? at + 16 : at + ctz(bits);
      for (let place = at; place < stop; place++)
        if (standsAt(place, REPORT) || standsAt(place, OLD_REPORT)) return -1;
      if (bits !== 0) return lessAt(stop);
    }
    at += 16;
  }
}

/** @returns the position of the line end at `at`, after an optional carriage return; -1 if there is none */
function lineEnd(at: i32): i32 {
  const end = load<u8>(at) === CARRIAGE_RETURN ? at + 1 : at;
  return end < windowEnd && load<u8>(end) === NEWLINE ? end : -1;
}
