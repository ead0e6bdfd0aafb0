import type { HttpResponse } from "../http/http-connection.ts";
import type { RequestResult } from "../report/report.ts";
import { parsePointer, valueAt } from "../spec/pointer.ts";
import type { ResponseSpec, TimeSource, TimeUnit } from "../spec/response-spec.ts";
import { wholeMicros } from "../timing/epoch.ts";
import { beginningOf, known, tryParse } from "./read-response.ts";
import { serverTiming } from "./server-timing.ts";
import { readEvents, type StreamEvent } from "./stream-events.ts";

/** What was read from a response, and what makes it invalid. */
export interface FieldsRead {
  readonly fields: Partial<RequestResult>;
  readonly fault?: string;
}

export interface FieldReader {
  /** Reads a response. Runs outside every timer. */
  read(response: HttpResponse, payload: string): FieldsRead;
  /** The sources that no response had, for example `times.mlSeconds (/inference_ms)`. */
  neverFound(): readonly string[];
}

/** The expected response to a payload, by the payload's name. */
export type ExpectedResponses = (payload: string) => Buffer;

const DIVISORS: Record<TimeUnit, number> = { s: 1, ms: 1e3, us: 1e6 };
/** Bytes of a body that a message quotes. */
const QUOTED_BYTES = 120;

/** Prepares the reading of responses: parses pointers and expressions once. */
export function createFieldReader(spec: ResponseSpec, expected?: ExpectedResponses): FieldReader {
  const { valid, times = {}, units, stream } = spec;
  const sources = Object.entries({
    ...Object.fromEntries(Object.entries(times).map(([name, source]) => [`times.${name}`, source])),
    ...{ coldStart: spec.coldStart, replica: spec.replica, faces: spec.faces, backend: spec.backend, units },
  }).flatMap(([name, source]) => (source === undefined ? [] : [{ name, get: getter(source), source }]));
  const required = Object.entries(valid.json ?? {}).map(([pointer, wanted]) => ({
    ...{ pointer, wanted, keys: parsePointer(pointer) ?? [] },
  }));
  const pattern = valid.text === undefined ? undefined : new RegExp(valid.text, "u");
  const isContent = contentTest(spec.content);
  const found = new Set<string>();
  let count = 0;

  const findFault = (document: Document, { body }: HttpResponse, payload: string): string | undefined => {
    if (required.length > 0 && !document.isJson) return `the response is not JSON: ${quote(body)}`;
    for (const { pointer, wanted, keys } of required) {
      const value = document.at(keys);
      if (value === undefined || value === null) return `the response has no ${pointer}: ${quote(body)}`;
      if (wanted !== "present" && value !== wanted)
        return `${pointer} is ${short(value)}, not ${short(wanted)}`;
    }
    if (pattern !== undefined && !pattern.test(body.toString("utf8")))
      return `the response does not match ${short(valid.text)}: ${quote(body)}`;
    if (expected !== undefined && !isSame(body, expected(payload)))
      return `the response differs from the expected one: ${quote(body)}`;
    return undefined;
  };

  return {
    read(response, payload) {
      count++;
      const events =
        stream === undefined || response.arrivals === undefined
          ? undefined
          : readEvents(stream, response.body, response.arrivals);
      const content = events?.filter(isContent);
      const document = createDocument(response.body, events);
      const values = new Map(sources.map(({ name, get }) => [name, get(document, response)]));
      for (const [name, value] of values) if (value !== undefined) found.add(name);
      const unitCount = tally(values.get("units"));
      const fields = {
        ...readTimes(times, values),
        ...known({
          coldStart: truth(values.get("coldStart")),
          replica: text(values.get("replica")),
          faces: tally(values.get("faces")),
          backend: text(values.get("backend")),
          units: unitCount,
        }),
        ...(content !== undefined && streamFields(content, unitCount)),
      };
      const fault =
        content?.length === 0
          ? `the stream has no event${events?.length === 0 ? "" : ` with ${spec.content?.join(" or ")}`}: ${quote(response.body)}`
          : explain(findFault(document, response, payload), response);
      return fault === undefined ? { fields } : { fields, fault };
    },
    neverFound() {
      if (count === 0) return [];
      return sources
        .filter(({ name }) => !found.has(name))
        .map(({ name, source }) => `${name} (${place(source)})`);
    },
  };
}

/** Names the cause if a body cannot be read because the function compressed it, which the client does not ask for. */
function explain(fault: string | undefined, { header }: HttpResponse): string | undefined {
  const coding = header("content-encoding");
  if (fault === undefined || coding === undefined || /^(identity)?$/i.test(coding)) return fault;
  return `the response is compressed (Content-Encoding: ${coding.slice(0, 20)}), so its body cannot be checked`;
}

/** A response's JSON: one document, or one per event. */
interface Document {
  readonly isJson: boolean;
  /** The value at a pointer; in a stream that of the last event that has one. */
  readonly at: (keys: readonly string[]) => unknown;
}

function createDocument(body: Buffer, events: readonly StreamEvent[] | undefined): Document {
  // Parsed on demand: a stream's counts are usually in its last event.
  const texts =
    events === undefined
      ? [() => body.toString("utf8")]
      : events.map(
          ({ text }) =>
            () =>
              text,
        );
  const parsed: unknown[] = [];
  const at = (index: number) => {
    if (!(index in parsed)) parsed[index] = tryParse((texts[index] as () => string)());
    return parsed[index];
  };
  return {
    get isJson() {
      return texts.some((_, index) => at(index) !== undefined);
    },
    at(keys) {
      for (let index = texts.length - 1; index >= 0; index--) {
        const value = valueAt(at(index), keys);
        if (value !== undefined && value !== null) return value;
      }
      return undefined;
    },
  };
}

function getter(source: TimeSource): (document: Document, response: HttpResponse) => unknown {
  if ("serverTiming" in source)
    return (_, { headerLines }) => serverTiming(headerLines("server-timing"), source.serverTiming);
  if ("header" in source) {
    const name = source.header.toLowerCase();
    return (_, { header }) => header(name);
  }
  const keys = parsePointer(source.json) ?? [];
  return (document) => document.at(keys);
}

/** A source as messages name it. */
function place(source: TimeSource): string {
  if ("serverTiming" in source) return `Server-Timing ${source.serverTiming}`;
  return "header" in source ? `header ${source.header}` : source.json;
}

function readTimes(
  times: NonNullable<ResponseSpec["times"]>,
  values: ReadonlyMap<string, unknown>,
): Partial<RequestResult> {
  const own: Record<string, number> = {};
  const others: Record<string, number> = {};
  for (const [name, source] of Object.entries(times)) {
    const unit = "serverTiming" in source ? "ms" : (source.unit ?? "s");
    const value = number(values.get(`times.${name}`));
    if (value === undefined || value < 0) continue;
    (name === "mlSeconds" || name === "handlerSeconds" ? own : others)[name] = value / DIVISORS[unit];
  }
  return { ...own, ...(Object.keys(others).length > 0 && { times: others }) };
}

/** Whether an event counts: chat functions also send events with only a role, a reason to finish, or token counts. */
function contentTest(pointers: readonly string[] | undefined): (event: StreamEvent) => boolean {
  if (pointers === undefined) return () => true;
  const places = pointers.map((pointer) => parsePointer(pointer) ?? []);
  return ({ text }) => {
    const event = tryParse(text);
    return places.some((keys) => !isEmpty(valueAt(event, keys)));
  };
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

function streamFields(events: readonly StreamEvent[], units: number | undefined): Partial<RequestResult> {
  const [first] = events;
  const last = events.at(-1);
  if (first === undefined || last === undefined) return { events: 0 };
  let longest = 0;
  for (const [index, { seconds }] of events.entries())
    if (index > 0) longest = Math.max(longest, seconds - (events[index - 1] as StreamEvent).seconds);
  return {
    firstEventSeconds: wholeMicros(first.seconds),
    events: events.length,
    ...(events.length > 1 && { longestGapSeconds: wholeMicros(longest) }),
    ...(events.length > 1 &&
      units !== undefined &&
      units > 1 && { secondsPerUnit: wholeMicros((last.seconds - first.seconds) / (units - 1)) }),
  };
}

/** Equal bytes, equal text but for white space around it, or equal JSON. */
function isSame(body: Buffer, expected: Buffer): boolean {
  if (body.equals(expected)) return true;
  const [one, other] = [body.toString("utf8").trim(), expected.toString("utf8").trim()];
  if (one === other) return true;
  const [left, right] = [tryParse(one), tryParse(other)];
  return left !== undefined && right !== undefined && sameJson(left, right);
}

function sameJson(left: unknown, right: unknown): boolean {
  if (typeof left !== "object" || left === null || typeof right !== "object" || right === null)
    return left === right;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every(
      (key) =>
        Object.hasOwn(right, key) &&
        sameJson((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]),
    )
  );
}

function number(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** A list counts its items. */
function tally(value: unknown): number | undefined {
  const counted = Array.isArray(value) ? value.length : number(value);
  return counted === undefined || counted < 0 ? undefined : counted;
}

function truth(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" || typeof value === "number" ? String(value).toLowerCase() : "";
  if (["true", "1", "yes"].includes(word)) return true;
  return ["false", "0", "no"].includes(word) ? false : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value).slice(0, 200) : undefined;
}

function short(value: unknown): string {
  return (JSON.stringify(value) ?? "undefined").slice(0, 80);
}

function quote(body: Buffer): string {
  const beginning = beginningOf(body, QUOTED_BYTES);
  return beginning === "" ? "its body is empty" : beginning;
}
