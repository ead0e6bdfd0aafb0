import { Buffer } from "node:buffer";
import { type ClientReport, parseReport } from "@slbench/client/report";
import { decodeEntities } from "./entities.ts";

/** In every report. */
export const REPORT_NAME = "slbench.client-report/";
/** Begins the lines of reports before they were JSON. */
export const OLD_REPORT = "Elapsed ";
const NAME = Buffer.from(REPORT_NAME);
/** A report's line begins so, as JMeter escapes it and as others may. */
const BEGINNINGS = ["{&quot;schema&quot;:&quot;", '{"schema":"'];
const AMPERSAND = 38;
const NEWLINE = 10;
const SEMICOLON = 59;
const QUOTE = 34;
/** What JMeter writes besides `&quot;`. */
const REFERENCES: Readonly<Record<string, number>> = { amp: AMPERSAND, apos: 39, lt: 60, gt: 62 };

let scratch = Buffer.alloc(1 << 16);

/**
 * The client's report that escaped response data end with, read from its line of JSON alone: the text before it says
 * nothing more.
 * @returns absent if there is no such line or it is not whole; then parseReport() of all the text says more
 */
export function wholeReport(bytes: Buffer): ClientReport | undefined {
  const name = bytes.lastIndexOf(NAME);
  if (name < 0) return undefined;
  const beginning = BEGINNINGS.find(
    (one) => name >= one.length && bytes.toString("latin1", name - one.length, name) === one,
  );
  if (beginning === undefined) return undefined;
  const from = name - beginning.length;
  const newline = bytes.indexOf(NEWLINE, name);
  const line = bytes.subarray(from, newline < 0 ? bytes.length : newline);
  if (line.includes("<![CDATA[", 0, "latin1")) return undefined;
  const parsed = parseReport(unescaped(line));
  return parsed.kind === "json" ? parsed.report : undefined;
}

/** As decodeEntities() of the text, in one pass over the bytes: a report has fifty references a request. */
function unescaped(bytes: Buffer): string {
  if (scratch.length < bytes.length) scratch = Buffer.alloc(2 * bytes.length);
  const target = scratch;
  const { length } = bytes;
  let to = 0;
  let every = 0;
  for (let at = 0; at < length; at++) {
    let byte = bytes[at] as number;
    every |= byte;
    if (byte === AMPERSAND) {
      // Nearly all of them are this one: five bytes more.
      if (
        bytes[at + 1] === 0x71 &&
        bytes[at + 2] === 0x75 &&
        bytes[at + 3] === 0x6f &&
        bytes[at + 4] === 0x74 &&
        bytes[at + 5] === SEMICOLON
      ) {
        byte = QUOTE;
        at += 5;
      } else {
        const end = bytes.indexOf(SEMICOLON, at);
        const known = REFERENCES[bytes.toString("latin1", at + 1, Math.min(end, at + 5))];
        // One by number, or none: rare.
        if (known === undefined) return decodeEntities(bytes.toString("utf8"));
        byte = known;
        at = end;
      }
    }
    target[to++] = byte;
  }
  return target.toString(every < 128 ? "latin1" : "utf8", 0, to);
}
