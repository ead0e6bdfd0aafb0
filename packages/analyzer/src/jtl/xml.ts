import { XMLParser } from "fast-xml-parser";
import type { Sample } from "../sample.ts";
import type { Loss } from "../warnings.ts";
import { decodeEntities } from "./entities.ts";
import { sampleFrom } from "./fields.ts";
import { splitSamples } from "./split.ts";

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false, // decodeEntities() knows the forbidden ones too
});

/** JMeter's short attribute names. */
const NAMES: Record<string, string> = {
  ts: "timeStamp",
  t: "elapsed",
  lb: "label",
  rc: "responseCode",
  rm: "responseMessage",
  tn: "threadName",
  s: "success",
  by: "bytes",
  hn: "Hostname",
};

/** All samples of an XML log; what cannot be read is counted as lost. */
export function parseXmlJtl(
  xml: string,
  source: string,
): { readonly samples: readonly Sample[]; readonly lost: readonly Loss[] } {
  const samples: Sample[] = [];
  const lost: Loss[] = [];
  for (const piece of splitSamples(xml)) {
    const place = `character ${piece.offset + 1}`;
    if (piece.kind === "torn") {
      lost.push({ source, place, reason: "the sample does not end" });
      continue;
    }
    const parsed = parser.parse(piece.text) as Record<string, Record<string, unknown>>;
    const element = parsed.sample ?? parsed.httpSample ?? {};
    const fields: Record<string, string> = {};
    for (const [short, name] of Object.entries(NAMES)) {
      const value = element[`@${short}`];
      if (typeof value === "string") fields[name] = decodeEntities(value);
    }
    const made = sampleFrom(fields, responseData(element.responseData));
    if (typeof made === "string") lost.push({ source, place, reason: made });
    else samples.push(made);
  }
  if (xml.includes("<testResults") && !xml.trimEnd().endsWith("</testResults>")) {
    lost.push({
      source,
      place: "the end",
      reason: "the log is not closed: JMeter was ended while it wrote, or still writes",
    });
  }
  return { samples, lost };
}

function responseData(node: unknown): string | undefined {
  if (node === undefined) return undefined;
  const text = typeof node === "string" ? node : (node as Record<string, unknown>)["#text"];
  return decodeEntities(typeof text === "string" ? text : "");
}
