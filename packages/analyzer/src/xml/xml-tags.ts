import { Buffer } from "node:buffer";

/** `<` */
export const LESS = 60;
/** A tag, comment or instruction longer than this is torn. */
const MAX_TAG_BYTES = 1 << 20;
/** A sample longer than this is given up: a string cannot hold it. */
export const MAX_SAMPLE_BYTES = 400 << 20;

/** What the reader tells apart. */
export type Tag = "sample" | "responseData" | "testResults" | "detail" | "other";

/** What JMeter writes within a sample about its request and response, in elements that hold no others. */
export const DETAILS = [
  "java.net.URL",
  "responseHeader",
  "requestHeader",
  "method",
  "queryString",
  "cookies",
  "samplerData",
  "redirectLocation",
  "responseFile",
];

/** A tag with what JMeter writes about every sample: its time, its label, and whether it succeeded. */
export const SAMPLE_TAG =
  /<[A-Za-z_][\w.:-]*\s(?=[^<>]*\bt=["']\d)(?=[^<>]*\blb=["'])[^<>]*\bs=["'](true|false)["']/;

interface Named {
  readonly tag: Tag;
  /** Of a sample's element; undefined: not a sample. */
  readonly name: string | undefined;
}

const OTHER: Named = { tag: "other", name: undefined };

/** A tag, an instruction, a comment or a CDATA section. */
export interface Found extends Named {
  readonly closes: boolean;
  readonly empty: boolean;
  /** Just behind it. */
  readonly end: number;
  /** It does not end: another tag begins within it. */
  readonly torn: boolean;
}

/** What may follow a name in a tag: white space, `/`, `>`. */
const ENDS_NAME = new Set([32, 9, 10, 13, 47, 62]);
const MAX_LEARNT = 64;

/** The names of the elements that the reader tells apart; samplers may add their own class. */
export class TagNames {
  readonly #known: (Named & { readonly bytes: Uint8Array })[] = [];
  #longest = 0;
  #learnt = 0;
  /** The log's last bytes hold no end of a CDATA section: a second search from each later one would take hours. */
  endsNoCdata = false;

  constructor() {
    this.#add("sample", "sample");
    this.#add("sample", "httpSample");
    this.#add("responseData", "responseData");
    this.#add("testResults", "testResults");
    for (const name of DETAILS) this.#add("detail", name);
  }

  /** Bytes from a name's beginning that decide which one it is. */
  get longest(): number {
    return this.#longest;
  }

  /** What begins with the name that stands there. */
  at(bytes: Uint8Array, from: number): Named {
    for (const one of this.#known) if (startsWith(bytes, from, one.bytes)) return one;
    return OTHER;
  }

  /**
   * Takes an element's name for a sample's from now on if its tag has the attributes of one.
   * @returns the name; undefined: it is no sample
   */
  learn(bytes: Uint8Array, less: number, end: number): string | undefined {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + less, end - less).toString("latin1");
    const [, name] = /^<([\w.:-]+)/.exec(text) ?? [];
    if (name === undefined || !SAMPLE_TAG.test(text) || this.#learnt >= MAX_LEARNT) return undefined;
    this.#learnt++;
    this.#add("sample", name);
    return name;
  }

  #add(tag: Tag, name: string): void {
    const bytes = new TextEncoder().encode(name);
    this.#known.push({ tag, name: tag === "sample" ? name : undefined, bytes });
    this.#longest = Math.max(this.#longest, name.length + 1);
  }
}

/** The tag that begins at `less`; absent: more bytes are needed. */
export function findTag(bytes: Uint8Array, less: number, final: boolean, names: TagNames): Found | undefined {
  const closes = bytes[less + 1] === 47;
  const from = less + (closes ? 2 : 1);
  if (!final && from + names.longest + 1 > bytes.length) return undefined;
  const { tag, name } = names.at(bytes, from);
  const limit = Math.min(bytes.length, less + MAX_TAG_BYTES);
  const special = isProlog(bytes, less)
    ? SPECIAL.find(([begin]) => startsWithAll(bytes, less, begin))
    : undefined;
  if (special !== undefined) {
    const [, finish, most] = special;
    const torn: Found = { tag, name, closes: false, empty: true, end: less + 1, torn: true };
    const isCharacterData = finish === CDATA_END;
    if (isCharacterData && names.endsNoCdata) return torn;
    const last = Math.min(bytes.length, less + most);
    for (let at = less + 2; at < last; at++) {
      // A comment holds no two hyphens, so no other one begins in it.
      if (bytes[at] === LESS && finish === COMMENT_END && startsWithAll(bytes, at, COMMENT)) return torn;
      // An instruction holds no tags: its own end is damaged.
      if (bytes[at] === LESS && bytes[less + 1] === 63)
        return { tag, name, closes: false, empty: true, end: at, torn: true };
      if (bytes[at] === 62 && startsWithAll(bytes, at - finish.length + 1, finish))
        return { tag, name, closes: false, empty: true, end: at + 1, torn: false };
    }
    if (!final && last === bytes.length) return undefined;
    if (isCharacterData && final && last === bytes.length) names.endsNoCdata = true;
    return torn;
  }
  let quote = 0;
  for (let at = from; at < limit; at++) {
    const byte = bytes[at] as number;
    if (byte === LESS) return { tag, name, closes, empty: false, end: at, torn: true };
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === 34 || byte === 39) quote = byte;
    else if (byte === 62) return { tag, name, closes, empty: bytes[at - 1] === 47, end: at + 1, torn: false };
  }
  if (!final && limit === bytes.length) return undefined;
  return { tag, name, closes, empty: false, end: limit, torn: true };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const [COMMENT, COMMENT_END] = [bytesOf("<!--"), bytesOf("-->")];
const [CDATA, CDATA_END] = [bytesOf("<![CDATA["), bytesOf("]]>")];
const SPECIAL = [
  [COMMENT, COMMENT_END, MAX_TAG_BYTES],
  [bytesOf("<?"), bytesOf("?>"), MAX_TAG_BYTES],
  [CDATA, CDATA_END, MAX_SAMPLE_BYTES],
] as const;

const startsWithAll = (bytes: Uint8Array, at: number, part: Uint8Array) =>
  part.every((byte, index) => bytes[at + index] === byte);

function startsWith(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name[i]) return false;
  return ENDS_NAME.has(bytes[at + name.length] ?? -1);
}

/** Whether white space stands before it, as before sub-results. */
export const isIndented = (bytes: Uint8Array, less: number) =>
  less > 0 && (bytes[less - 1] === 32 || bytes[less - 1] === 9);

export const isCdata = (bytes: Uint8Array, less: number) => startsWithAll(bytes, less, CDATA);

/** `<?xml …?>`, comments. */
export const isProlog = (bytes: Uint8Array, less: number) => bytes[less + 1] === 63 || bytes[less + 1] === 33;
