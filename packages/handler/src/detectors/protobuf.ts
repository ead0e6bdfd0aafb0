/** Protocol-buffer bytes in pieces, so that the 22 MB of weights are never copied. */
export interface Message {
  readonly size: number;
  readonly pieces: readonly Uint8Array[];
}

/** Fields one after another. */
export function message(fields: readonly Message[]): Message {
  return {
    size: fields.reduce((sum, { size }) => sum + size, 0),
    pieces: fields.flatMap(({ pieces }) => pieces),
  };
}

/** A length-delimited field (wire type 2). */
export function wrap(field: number, content: Message): Message {
  const head = Uint8Array.from([...varint(field * 8 + 2), ...varint(content.size)]);
  return { size: head.length + content.size, pieces: [head, ...content.pieces] };
}

/** A message as a field of another one. */
export const nested = (field: number, fields: readonly Message[]): Message => wrap(field, message(fields));

export function text(field: number, value: string): Message {
  const bytes = new TextEncoder().encode(value);
  return wrap(field, { size: bytes.length, pieces: [bytes] });
}

/** An integer ≥ 0 (wire type 0). */
export function number(field: number, value: number): Message {
  const bytes = Uint8Array.from([...varint(field * 8), ...varint(value)]);
  return { size: bytes.length, pieces: [bytes] };
}

export const numbers = (field: number, values: readonly number[]): Message =>
  message(values.map((value) => number(field, value)));

/** The values' memory, little-endian on every platform that the runtimes support. */
export function values(field: number, data: Float32Array | Int32Array | Int8Array | Uint8Array): Message {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return wrap(field, { size: bytes.length, pieces: [bytes] });
}

/** Base-128 digits, least significant first; integers ≥ 0. */
function varint(value: number): number[] {
  const digits: number[] = [];
  let rest = value;
  while (rest >= 128) {
    digits.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...digits, rest];
}
