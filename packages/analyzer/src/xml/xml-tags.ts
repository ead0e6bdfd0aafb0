/** `<` */
export const LESS = 60;
/** A tag, comment or instruction longer than this is torn. */
const MAX_TAG_BYTES = 1 << 20;
/** A sample longer than this is given up: a string cannot hold it. */
export const MAX_SAMPLE_BYTES = 400 << 20;

/** What the reader tells apart. */
export type Tag = "sample" | "httpSample" | "responseData" | "testResults" | "other";
/** A tag, an instruction, a comment or a CDATA section. */
export interface Found {
  readonly tag: Tag;
  readonly closes: boolean;
  readonly empty: boolean;
  /** Just behind it. */
  readonly end: number;
  /** It does not end: another tag begins within it. */
  readonly torn: boolean;
}

/** What may follow a name in a tag: white space, `/`, `>`. */
const ENDS_NAME = new Set([32, 9, 10, 13, 47, 62]);
const TAGS = (["sample", "httpSample", "responseData", "testResults"] as const).map(
  (name) => [name, new TextEncoder().encode(name)] as const,
);

/** The tag that begins at `less`; absent: more bytes are needed. */
export function findTag(bytes: Uint8Array, less: number, final: boolean): Found | undefined {
  const closes = bytes[less + 1] === 47;
  const from = less + (closes ? 2 : 1);
  if (!final && from + 14 > bytes.length) return undefined;
  const tag = TAGS.find(([, name]) => startsWith(bytes, from, name))?.[0] ?? "other";
  const limit = Math.min(bytes.length, less + MAX_TAG_BYTES);
  const special = SPECIAL.find(([begin]) => startsWithAll(bytes, less, begin));
  if (special !== undefined) {
    const [, finish, most] = special;
    const last = Math.min(bytes.length, less + most);
    for (let at = less + 2; at < last; at++) {
      // An instruction holds no tags: its own end is damaged.
      if (bytes[at] === LESS && bytes[less + 1] === 63)
        return { tag, closes: false, empty: true, end: at, torn: true };
      if (bytes[at] === 62 && startsWithAll(bytes, at - finish.length + 1, finish))
        return { tag, closes: false, empty: true, end: at + 1, torn: false };
    }
    if (!final && last === bytes.length) return undefined;
    return { tag, closes: false, empty: true, end: less + 1, torn: true };
  }
  let quote = 0;
  for (let at = from; at < limit; at++) {
    const byte = bytes[at] as number;
    if (byte === LESS) return { tag, closes, empty: false, end: at, torn: true };
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === 34 || byte === 39) quote = byte;
    else if (byte === 62) return { tag, closes, empty: bytes[at - 1] === 47, end: at + 1, torn: false };
  }
  if (!final && limit === bytes.length) return undefined;
  return { tag, closes, empty: false, end: limit, torn: true };
}

const SPECIAL = [
  ["<!--", "-->", MAX_TAG_BYTES],
  ["<?", "?>", MAX_TAG_BYTES],
  ["<![CDATA[", "]]>", MAX_SAMPLE_BYTES],
].map(
  ([begin, finish, most]) =>
    [
      new TextEncoder().encode(begin as string),
      new TextEncoder().encode(finish as string),
      most as number,
    ] as const,
);

const startsWithAll = (bytes: Uint8Array, at: number, part: Uint8Array) =>
  part.every((byte, index) => bytes[at + index] === byte);

function startsWith(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name[i]) return false;
  return ENDS_NAME.has(bytes[at + name.length] ?? -1);
}

/** Whether white space stands before it, as before sub-results. */
export const isIndented = (bytes: Uint8Array, less: number) =>
  less > 0 && (bytes[less - 1] === 32 || bytes[less - 1] === 9);

const CDATA = new TextEncoder().encode("<![CDATA[");
export const isCdata = (bytes: Uint8Array, less: number) => startsWithAll(bytes, less, CDATA);

/** `<?xml …?>`, comments. */
export const isProlog = (bytes: Uint8Array, less: number) => bytes[less + 1] === 63 || bytes[less + 1] === 33;
