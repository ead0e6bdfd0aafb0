import { Buffer } from "node:buffer";
import { createRequire } from "node:module";
import type { XMLParser } from "fast-xml-parser";
import type { ReportedSample, Sample } from "../core/sample.ts";
import type { FieldReader } from "../jtl/fields.ts";
import type { LogContext } from "../jtl/log-context.ts";
import { decodeEntities } from "./entities.ts";
import { lastReportName, wholeReport } from "./whole-report.ts";

/** One top-level sample's bytes within a buffer. */
export interface SamplePiece {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** The contents of its response data elements, in order; `depth` 1: its own, more: a sub-result's. */
  readonly data: readonly { readonly from: number; readonly to: number; readonly depth: number }[];
  readonly wants: ResponseData;
}

/**
 * `all`: response data whole; `reports`: a client's report read instead of its text, the text if the report is cut,
 * else the last lines, which show why it crashed; `only-reports`: nothing of other response data.
 */
export type ResponseData = "all" | "reports" | "only-reports";

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

/** JMeter's short attribute names. */
const NAMES: Readonly<Record<string, string>> = {
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

const START = /^<[\w.:-]+((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>/;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
/** Children that are part of a Sample; headers, data and addresses are not. */
const TELLING_CHILD = /<(?:assertionResult(?=[\s>/])|[\w.:-]+\s[^<>]*\blb=)/;

/** One sample from its bytes; a string is the reason why it cannot be read. */
export function readXmlSample(
  piece: SamplePiece,
  { fields: reader, texts }: Pick<LogContext, "fields" | "texts">,
): ReportedSample | string {
  const bytes = withoutData(piece);
  const text = bytes.toString("latin1");
  const start = START.exec(text);
  if (start === null) return "the sample's first tag is damaged";
  const fields: Record<string, string> = {};
  const attributes = start[1] as string;
  ATTRIBUTE.lastIndex = 0;
  for (let match = ATTRIBUTE.exec(attributes); match !== null; match = ATTRIBUTE.exec(attributes)) {
    const [, name, double, single] = match;
    const long = NAMES[name as string];
    if (long !== undefined) fields[long] = decodeEntities(decoded(double ?? single ?? "", texts));
  }
  const own = piece.data.find(({ depth }) => depth === 1);
  const rest = text.slice(start[0].length);
  const data =
    own === undefined ? emptyData(rest) : readData(piece.bytes.subarray(own.from, own.to), piece.wants);
  return TELLING_CHILD.test(rest)
    ? withChildren(texts.decode(bytes), fields, data, reader)
    : reader.sample(fields, data);
}

/** An attribute's value from its bytes, one character each. */
function decoded(value: string, texts: LogContext["texts"]): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  return /^[\x00-\x7f]*$/.test(value) ? value : texts.decode(Buffer.from(value, "latin1"));
}

/** A sample's response data: their text, or the report that they hold. */
type Data = Pick<ReportedSample, "responseData" | "report">;

const emptyData = (rest: string): Data => (EMPTY_DATA.test(rest) ? { responseData: "" } : {});

function readData(data: Uint8Array, wants: ResponseData): Data {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (wants === "all") return { responseData: dataText(bytes) };
  const name = lastReportName(bytes);
  const report = wholeReport(bytes, name);
  if (report !== undefined) return { report };
  if (name >= 0 || bytes.includes(OLD_REPORT)) return { responseData: dataText(bytes) };
  return wants === "reports" ? { responseData: dataText(lastLines(bytes.subarray(-TAIL_BYTES))) } : {};
}

const EMPTY_DATA = /<responseData(\s[^<>]*)?\/>/;

/** The sample's bytes, its response data left out. */
function withoutData({ bytes, start, end, data }: SamplePiece): Buffer {
  const parts: Uint8Array[] = [];
  let at = start;
  for (const { from, to } of data) {
    parts.push(bytes.subarray(at, from));
    at = to;
  }
  parts.push(bytes.subarray(at, end));
  return Buffer.concat(parts);
}

type Element = Readonly<Record<string, unknown>>;

/** With assertion results and sub-results, as fast-xml-parser sees them. */
function withChildren(
  text: string,
  fields: Readonly<Record<string, string>>,
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
    for (const [short, name] of Object.entries(NAMES)) {
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

/** Begins the lines of reports before they were JSON. */
const OLD_REPORT = Buffer.from("Elapsed ");
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
