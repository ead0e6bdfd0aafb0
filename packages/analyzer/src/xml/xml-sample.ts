import { Buffer } from "node:buffer";
import { createRequire } from "node:module";
import type { XMLParser } from "fast-xml-parser";
import type { ReportedSample, Sample } from "../core/sample.ts";
import type { FieldReader } from "../jtl/fields.ts";
import type { LogContext } from "../jtl/log-context.ts";
import { decodeEntities } from "./entities.ts";
import { nameNumber, readStartTag } from "./start-tag.ts";
import { createTextFinder } from "./text-finder.ts";
import { OLD_REPORT, REPORT_NAME, wholeReport } from "./whole-report.ts";

/** One top-level sample's bytes within a buffer. */
export interface SamplePiece {
  readonly bytes: Buffer;
  readonly start: number;
  /** Just behind its first tag. */
  readonly tagEnd: number;
  readonly end: number;
  /** Nothing but response data, requests and headers is in it. */
  readonly isLeaf: boolean;
  /** The contents of its response data elements, in order; `depth` 1: its own, more: a sub-result's. */
  readonly data: readonly { readonly from: number; readonly to: number; readonly depth: number }[];
  readonly wants: ResponseData;
}

/**
 * `all`: response data whole; `reports`: a client's report read instead of its text, the text if the report is cut,
 * else the last lines, which show why it crashed; `only-reports`: nothing of other response data.
 */
export type ResponseData = "all" | "reports" | "only-reports";

let mentionsReport: ((data: Uint8Array) => boolean) | undefined;
let parser: XMLParser | undefined;

/** Loaded only if a sample holds others or assertions' results. */
function createParser(): XMLParser {
  const library = createRequire(import.meta.url)("fast-xml-parser") as typeof import("fast-xml-parser");
  return new library.XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false, // decodeEntities() knows the forbidden ones too
  });
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** CSV columns by the short names of JMeter's attributes. */
export const FIELD_NAMES: Readonly<Record<string, string>> = {
  ts: "timeStamp",
  t: "elapsed",
  lb: "label",
  rc: "responseCode",
  rm: "responseMessage",
  tn: "threadName",
  s: "success",
  by: "bytes",
  hn: "Hostname",
  sc: "SampleCount",
  ec: "ErrorCount",
  sby: "sentBytes",
  lt: "Latency",
  ct: "Connect",
  na: "allThreads",
};

type Fields = Record<string, string | undefined>;

/** All of them, so that every sample's fields are an object of one kind. */
const NO_FIELDS: Fields = Object.fromEntries(Object.values(FIELD_NAMES).map((name) => [name, undefined]));
const FIELD_OF = new Map(Object.entries(FIELD_NAMES).map(([short, name]) => [nameNumber(short), name]));

/** Children that are part of a Sample; headers, data and addresses are not. */
const RELEVANT_CHILD = /<(?:assertionResult(?=[\s>/])|[\w.:-]+\s[^<>]*\blb=)/;

/** One sample from its bytes; a string is the reason why it cannot be read. */
export function readXmlSample(
  piece: SamplePiece,
  { fields: reader, texts }: Pick<LogContext, "fields" | "texts">,
): ReportedSample | string {
  const fields = { ...NO_FIELDS };
  if (!readFields(piece, fields, texts)) return "the sample's first tag is damaged";
  const own = piece.data.find(({ depth }) => depth === 1);
  const children = piece.isLeaf && own !== undefined ? "" : textOutsideData(piece, piece.tagEnd);
  const data =
    own === undefined ? emptyData(children) : readData(piece.bytes.subarray(own.from, own.to), piece.wants);
  if (!RELEVANT_CHILD.test(children)) return reader.sample(fields, data);
  const text = texts.decode(Buffer.from(textOutsideData(piece, piece.start), "latin1"));
  return withChildren(text, fields, data, reader);
}

/**
 * Reads the attributes that JMeter writes.
 * @returns false: the tag is damaged
 */
function readFields(
  { bytes, start, tagEnd }: SamplePiece,
  fields: Fields,
  texts: LogContext["texts"],
): boolean {
  const tag = bytes.toString("latin1", start, tagEnd);
  return readStartTag(bytes, start, tagEnd, (name, from, to, isPlain) => {
    const field = FIELD_OF.get(name);
    if (field === undefined) return;
    const value = tag.slice(from - start, to - start);
    fields[field] = isPlain ? value : decodeEntities(decoded(value, texts));
  });
}

function decoded(value: string, texts: LogContext["texts"]): string {
  return /[\x80-\xff]/.test(value) ? texts.decode(Buffer.from(value, "latin1")) : value;
}

/** A sample's response data: their text, or the report that they hold. */
type Data = Pick<ReportedSample, "responseData" | "report">;

const emptyData = (children: string): Data => (EMPTY_DATA.test(children) ? { responseData: "" } : {});

function readData(bytes: Buffer, wants: ResponseData): Data {
  if (wants === "all") return { responseData: dataText(bytes) };
  mentionsReport ??= createTextFinder(REPORT_NAME, OLD_REPORT);
  if (mentionsReport(bytes)) {
    const report = wholeReport(bytes);
    return report === undefined ? { responseData: dataText(bytes) } : { report };
  }
  return wants === "reports" ? { responseData: dataText(lastLines(bytes.subarray(-TAIL_BYTES))) } : {};
}

const EMPTY_DATA = /<responseData(\s[^<>]*)?\/>/;

/** The sample from a position on, without its response data, one character for each byte. */
function textOutsideData({ bytes, end, data }: SamplePiece, from: number): string {
  let text = "";
  let at = from;
  for (const part of data) {
    text += bytes.toString("latin1", at, part.from);
    at = part.to;
  }
  return text + bytes.toString("latin1", at, end);
}

type Element = Readonly<Record<string, unknown>>;

/** With assertion results and sub-results, as fast-xml-parser sees them. */
function withChildren(
  text: string,
  fields: Readonly<Fields>,
  data: Data,
  reader: FieldReader,
): ReportedSample | string {
  let root: Element;
  try {
    parser ??= createParser();
    const parsed = parser.parse(text) as Record<string, Element>;
    root = Object.values(parsed)[0] ?? {};
  } catch (error) {
    return `the sample is not XML: ${error instanceof Error ? error.message : String(error)}`.slice(0, 160);
  }
  const subSamples = subSamplesOf(root, reader);
  return reader.sample(
    { ...fields, ...failureOf(root) },
    { ...data, ...(subSamples.length > 0 && { subSamples }) },
  );
}

/** Sub-results that cannot be read are left out: the sample itself counts. */
function subSamplesOf(element: Element, reader: FieldReader): readonly Sample[] {
  const children = Object.values(element).flatMap(listOf);
  return children.filter(isSample).flatMap((sub) => {
    const fields: Record<string, string> = {};
    for (const [short, name] of Object.entries(FIELD_NAMES)) {
      const value = sub[`@${short}`];
      if (typeof value === "string") fields[name] = decodeEntities(value);
    }
    const subSamples = subSamplesOf(sub, reader);
    const made = reader.sample({ ...fields, ...failureOf(sub) }, subSamples.length > 0 ? { subSamples } : {});
    return typeof made === "string" ? [] : [made];
  });
}

/** Whether an element has the attributes of a sample, whatever its class. */
const isSample = (element: Element) =>
  typeof element["@t"] === "string" && typeof element["@lb"] === "string";

function failureOf(element: Element): { failureMessage?: string } {
  const failed = listOf(element.assertionResult).find(
    ({ failure, error }) => failure === "true" || error === "true",
  );
  if (failed === undefined) return {};
  const { failureMessage, name } = failed;
  const said = [failureMessage, name].find((value) => typeof value === "string" && value !== "");
  return { failureMessage: decodeEntities(typeof said === "string" ? said : "an assertion failed") };
}

function listOf(node: unknown): readonly Element[] {
  const list = Array.isArray(node) ? node : [node];
  return list.filter((entry): entry is Element => typeof entry === "object" && entry !== null);
}

const TAIL_BYTES = 1024;
const TAIL_LINES = 3;

function dataText(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  const [first, ...others] = text.split("<![CDATA[");
  const literal = others.map((part) => {
    const end = part.indexOf("]]>");
    return part.slice(0, end) + decodeEntities(part.slice(end + 3));
  });
  return decodeEntities(first as string) + literal.join("");
}

function lastLines(bytes: Uint8Array): Uint8Array {
  let from = bytes.length;
  for (let line = 0; line < TAIL_LINES && from > 0; line++) from = bytes.lastIndexOf(10, from - 1);
  return bytes.subarray(from + 1);
}
