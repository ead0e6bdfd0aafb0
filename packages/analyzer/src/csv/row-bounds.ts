const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;
/** Rows with more are read as odd ones. */
export const MAX_FIELDS = 512;

/** Where the fields of a row stand in its bytes, their quotes left out. */
export class RowBounds {
  readonly from = new Int32Array(MAX_FIELDS);
  readonly to = new Int32Array(MAX_FIELDS);
  /** Fields of the row; of the first MAX_FIELDS it is known if they stand. */
  count = 0;

  add(from: number, to: number): void {
    if (this.count < MAX_FIELDS) {
      this.from[this.count] = from;
      this.to[this.count] = to;
    }
    this.count++;
  }

  /**
   * Finds the fields of a row with quotes as JMeter nearly always writes them: around whole fields, no quote, line
   * end or zero byte within. The same as splitQuoted() and csv-parse wherever it gives an answer.
   * @returns where its newline stands, -1: it is written otherwise, or not whole
   */
  findQuoted(bytes: Uint8Array, from: number, delimiter: number): number {
    this.count = 0;
    for (let at = from; ; at++) {
      const isQuoted = bytes[at] === QUOTE;
      const begin = isQuoted ? at + 1 : at;
      const end = isQuoted ? endOfQuoted(bytes, begin) : endOfBare(bytes, begin, delimiter);
      if (end < 0) return -1;
      this.add(begin, end);
      at = isQuoted ? end + 1 : end;
      if (bytes[at] === delimiter) continue;
      if (bytes[at] === CARRIAGE_RETURN) at++;
      return bytes[at] === NEWLINE ? at : -1;
    }
  }
}

function endOfQuoted(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte > QUOTE) continue;
    if (byte === QUOTE) return at;
    if (byte === NEWLINE || byte === 0) return -1;
  }
  return -1;
}

/** At a delimiter or a line's end. */
function endOfBare(bytes: Uint8Array, from: number, delimiter: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === delimiter || byte === NEWLINE || byte === CARRIAGE_RETURN) return at;
    if (byte === QUOTE || byte === 0) return -1;
  }
  return -1;
}
