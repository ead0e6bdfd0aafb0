/** Finds the fields of CSV rows as JMeter writes them. */
import { CARRIAGE_RETURN, columns, delimiter, MARKS, NEWLINE, QUOTE, setField, WINDOW } from "./layout";

let marks: i32 = 0;
let cursor: i32 = 0;
let newline: i32 = 0;

/** Finds the marks of the window. @param length bytes in it; 16 more are overwritten */
export function searchMarks(length: i32): void {
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

function mark(index: i32): i32 {
  return load<i32>(MARKS + 4 * index);
}

/** Another row than the one behind the last comes next. */
export function goTo(from: i32): void {
  while (cursor > 0 && mark(cursor - 1) >= from) cursor--;
  while (cursor < marks && mark(cursor) < from) cursor++;
}

/**
 * Finds the fields of a row of the expected columns: bare ones, or quotes around whole fields; no zero byte, and no
 * quote or line end within a field.
 * @returns the position of its line end; -1: it is written otherwise, or not whole
 */
export function findRow(from: i32): i32 {
  return findBareFields(from) || findQuotedFields(from) ? newline : -1;
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
