// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are literal text here
import { SlbenchError } from "../slbench-error.ts";
import { MAX_TIMER_SECONDS } from "../timing/wait.ts";

/**
 * The request specification: what a virtual user sends and how it reads the response. Pure: no files, no
 * environment. `slbench` writes one per experiment; it can also be written by hand (docs/data-formats.md).
 */
export const REQUEST_SCHEMA = "slbench.request/1";

/** A JSON Pointer (RFC 6901): "" is the whole document, `/usage/tokens` a field, `/0` an array's first item. */
export type Pointer = string;

/** A place in the response: in its JSON (in a stream: in the last event that has it), or a header. */
export type Source = { readonly json: Pointer } | { readonly header: string };

export type TimeUnit = "s" | "ms" | "us";
/** `serverTiming`: the duration of a metric in the header `Server-Timing`, whose unit is the millisecond. */
export type TimeSource = (Source & { readonly unit?: TimeUnit }) | { readonly serverTiming: string };

/** The forms of the face-blur function's responses, which have a fast reader of their own. */
export type ResponseForm = "slblur-json" | "slblur-text" | "slblur-image";
export type StreamKind = "sse" | "lines" | "chunks";
/** `binary`: the payload as it is; `base64`: as base64 text. Only for a body without template. */
export type Encode = "binary" | "base64";

/** When a response counts as valid; every given condition must hold. */
export interface ValidSpec {
  /** Default: 200 to 299. */
  readonly status?: number | readonly number[];
  /** Required value per pointer; `present` accepts any value. */
  readonly json?: Readonly<Record<Pointer, string | number | boolean>>;
  /** A regular expression that the body's text must match. */
  readonly text?: string;
  /** A folder with the expected response per payload, in a file of the payload's name. */
  readonly expected?: string;
}

export interface ResponseSpec {
  /** Name of the preset that the lines below come from, for the report. */
  readonly preset?: string;
  readonly form?: ResponseForm;
  readonly valid: ValidSpec;
  /** `mlSeconds`, `handlerSeconds`, or any other name that ends in `Seconds`. */
  readonly times?: Readonly<Record<string, TimeSource>>;
  readonly coldStart?: Source;
  readonly replica?: Source;
  readonly faces?: Source;
  readonly backend?: Source;
  /** What the function produces, for example tokens. */
  readonly units?: Source & { readonly name: string };
  readonly stream?: StreamKind;
  /**
   * Streams only: the events that count are those with a value, not "" or [], at one of these. Default: every event.
   */
  readonly content?: readonly Pointer[];
  /** Share of response bodies, 0 to 1, that `--output` keeps. */
  readonly save?: number;
}

export interface RequestSpec {
  readonly schema: typeof REQUEST_SCHEMA;
  readonly url: string;
  readonly method: string;
  /** Values may hold `${env:NAME}`, which the client replaces from its own environment when it starts. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** `ca` is PEM text; `insecure` accepts any certificate. */
  readonly tls?: { readonly ca?: string; readonly insecure?: boolean };
  /** A folder of files, a text file with one payload per line, or no payload. */
  readonly payloads: "files" | "lines" | "none";
  /** Default: by the payload's file name. */
  readonly contentType?: string;
  readonly encode: Encode;
  /** Template with the placeholders of {@link PLACEHOLDERS}. */
  readonly body?: string;
  /** Sends the payload as a file of a form (multipart/form-data). */
  readonly multipart?: {
    readonly field: string;
    /** Default: the payload's name. */
    readonly filename?: string;
    readonly fields?: Readonly<Record<string, string>>;
  };
  /** `per-user`: shuffled with the user's name and seed, so that users send in different orders. */
  readonly order: "same" | "per-user";
  readonly response: ResponseSpec;
}

/** Placeholders of a body template; `${text}` and `${json}` become JSON values, quotes included. */
export const PLACEHOLDERS = ["base64", "text", "json", "sequence", "user", "uuid"] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/** The client sets these itself. */
const OWN_HEADERS = ["connection", "content-length", "expect", "transfer-encoding", "upgrade"];
const FORMS = ["slblur-json", "slblur-text", "slblur-image"];

/** Thrown for a specification that is not valid; the message names each field. */
export type RequestSpecError = SlbenchError<"CLIENT_BAD_REQUEST">;

/**
 * Parses and checks a request specification.
 * @param text JSON; absent fields get their defaults (POST, 25 s, binary, the same order for all users)
 * @throws {RequestSpecError} CLIENT_BAD_REQUEST
 *
 * @example
 * ```ts
 * parseRequestSpec('{"schema":"slbench.request/1","url":"http://127.0.0.1:8080/","payloads":"none"}').method; // "POST"
 * ```
 */
export function parseRequestSpec(text: string): RequestSpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SlbenchError("CLIENT_BAD_REQUEST", "the request specification is not JSON", {
      hint: "give a JSON file as docs/data-formats.md describes it",
      cause,
    });
  }
  return checkRequestSpec(value);
}

/**
 * Checks a request specification and fills in the defaults.
 * @throws {RequestSpecError} CLIENT_BAD_REQUEST
 */
export function checkRequestSpec(value: unknown): RequestSpec {
  const problems: string[] = [];
  const spec = readSpec(value, problems);
  if (problems.length === 0) return spec;
  throw new SlbenchError("CLIENT_BAD_REQUEST", `bad request specification: ${problems.join("; ")}`, {
    hint: "fix these fields; docs/data-formats.md describes them",
    context: { problems },
  });
}

/**
 * The keys of a JSON Pointer, or undefined if it is none.
 *
 * @example
 * ```ts
 * parsePointer("/a~1b/0"); // ["a/b", "0"]
 * ```
 */
export function parsePointer(pointer: string): readonly string[] | undefined {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) return undefined;
  const keys = pointer.slice(1).split("/");
  return keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value at a parsed pointer, or undefined if the document has none there. */
export function valueAt(document: unknown, keys: readonly string[]): unknown {
  let value = document;
  for (const key of keys) {
    if (typeof value !== "object" || value === null) return undefined;
    // An array's only keys are its indices: no `length`.
    if (Array.isArray(value) ? !/^(0|[1-9]\d*)$/.test(key) : !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

/** The names of the `${env:NAME}` in header values, each once. */
export function environmentNames(headers: RequestSpec["headers"]): readonly string[] {
  const names = Object.values(headers).flatMap((value) =>
    [...value.matchAll(/\$\{env:([^}]*)\}/g)].map(([, name]) => name as string),
  );
  return [...new Set(names)];
}

/** A template's literal texts and placeholders in order, or the unknown placeholder. */
export function parseTemplate(
  template: string,
): readonly (string | { readonly name: Placeholder })[] | { readonly unknown: string } {
  const parts: (string | { readonly name: Placeholder })[] = [];
  let rest = template;
  for (let at = rest.indexOf("${"); at >= 0; at = rest.indexOf("${")) {
    const end = rest.indexOf("}", at);
    const name = rest.slice(at + 2, end < 0 ? undefined : end);
    if (end < 0 || !(PLACEHOLDERS as readonly string[]).includes(name)) return { unknown: name };
    if (at > 0) parts.push(rest.slice(0, at));
    parts.push({ name: name as Placeholder });
    rest = rest.slice(end + 1);
  }
  if (rest !== "") parts.push(rest);
  return parts;
}

type Fields = Readonly<Record<string, unknown>>;

function readSpec(value: unknown, problems: string[]): RequestSpec {
  const object = fieldsOf(value, "the specification", problems);
  known(object, "", problems, [
    ...["schema", "url", "method", "headers", "timeoutSeconds", "tls", "payloads", "contentType", "encode"],
    ...["body", "multipart", "order", "response"],
  ]);
  if (object.schema !== REQUEST_SCHEMA)
    problems.push(`schema is ${show(object.schema)}, not "${REQUEST_SCHEMA}"`);
  const spec: RequestSpec = {
    schema: REQUEST_SCHEMA,
    url: readUrl(object.url, problems),
    method: oneOf(object.method ?? "POST", METHODS, "method", problems),
    headers: readHeaders(object.headers ?? {}, problems),
    timeoutSeconds: inRange(
      object.timeoutSeconds ?? 25,
      0.001,
      MAX_TIMER_SECONDS,
      "timeoutSeconds",
      problems,
    ),
    ...(object.tls !== undefined && { tls: readTls(object.tls, problems) }),
    payloads: oneOf(object.payloads ?? "files", ["files", "lines", "none"] as const, "payloads", problems),
    ...(object.contentType !== undefined && {
      contentType: headerValue(object.contentType, "contentType", problems),
    }),
    encode: oneOf(object.encode ?? "binary", ["binary", "base64"] as const, "encode", problems),
    ...(object.body !== undefined && { body: readBody(object.body, object.payloads, problems) }),
    ...(object.multipart !== undefined && { multipart: readMultipart(object.multipart, problems) }),
    order: oneOf(object.order ?? "same", ["same", "per-user"] as const, "order", problems),
    response: readResponseSpec(object.response ?? {}, problems),
  };
  if (spec.body !== undefined && spec.multipart !== undefined)
    problems.push("body and multipart exclude each other");
  if (spec.body !== undefined && spec.encode === "base64")
    problems.push("encode has no effect on a body template: use the placeholder ${base64}");
  if (spec.multipart !== undefined && spec.encode === "base64")
    problems.push("encode is for a body without multipart");
  if (spec.multipart !== undefined && spec.payloads === "none") problems.push("multipart needs payloads");
  if (spec.method === "GET" && (spec.payloads !== "none" || spec.body !== undefined))
    problems.push("a GET request has no body: set payloads to none and leave out body");
  if (spec.response.form !== undefined && (spec.payloads !== "files" || spec.response.stream !== undefined))
    problems.push("response.form needs payloads of files and no stream");
  return spec;
}

function readUrl(value: unknown, problems: string[]): string {
  const text = string(value, "url", problems);
  if (typeof value !== "string") return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    problems.push(`url is ${show(text.replace(/\/\/.*@/, "//***@"))}, not an http or https address`);
  else if (url.username !== "" || url.password !== "")
    problems.push("url holds a user name or password: use the header Authorization with ${env:NAME}");
  return text;
}

function readHeaders(value: unknown, problems: string[]): RequestSpec["headers"] {
  const headers = fieldsOf(value, "headers", problems);
  for (const [name, text] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      problems.push(`headers has the invalid name ${show(name)}`);
    else if (OWN_HEADERS.includes(name.toLowerCase()))
      problems.push(`headers.${name} is set by the client itself`);
    const found = headerValue(text, `headers.${name}`, problems);
    for (const [, inside] of found.matchAll(/\$\{([^}]*)/g)) {
      if (!/^env:[A-Za-z_][A-Za-z0-9_]*$/.test(inside as string))
        problems.push(`headers.${name} has the unknown placeholder \${${inside}}: use \${env:NAME}`);
    }
  }
  return headers as RequestSpec["headers"];
}

function headerValue(value: unknown, name: string, problems: string[]): string {
  const text = string(value, name, problems);
  if (/[\r\n\0]/.test(text)) problems.push(`${name} holds a line break`);
  return text;
}

function readTls(value: unknown, problems: string[]): NonNullable<RequestSpec["tls"]> {
  const tls = fieldsOf(value, "tls", problems);
  known(tls, "tls.", problems, ["ca", "insecure"]);
  if (tls.ca !== undefined && !string(tls.ca, "tls.ca", problems).includes("-----BEGIN CERTIFICATE-----"))
    problems.push("tls.ca is no certificate in PEM form");
  if (tls.insecure !== undefined && typeof tls.insecure !== "boolean")
    problems.push(`tls.insecure is ${show(tls.insecure)}, not true or false`);
  return tls as NonNullable<RequestSpec["tls"]>;
}

function readBody(value: unknown, payloads: unknown, problems: string[]): string {
  const body = string(value, "body", problems);
  const parts = parseTemplate(body);
  if ("unknown" in parts) {
    problems.push(
      `body has the unknown placeholder \${${parts.unknown.slice(0, 40)}}: use ${PLACEHOLDERS.map((name) => `\${${name}}`).join(", ")}`,
    );
  } else if (payloads === "none") {
    const needs = parts.find(
      (part) => typeof part !== "string" && ["base64", "text", "json"].includes(part.name),
    );
    if (needs !== undefined) problems.push("body uses a payload, and payloads is none");
  }
  return body;
}

function readMultipart(value: unknown, problems: string[]): NonNullable<RequestSpec["multipart"]> {
  const multipart = fieldsOf(value, "multipart", problems);
  known(multipart, "multipart.", problems, ["field", "filename", "fields"]);
  formName(multipart.field, "multipart.field", problems);
  if (multipart.filename !== undefined) formName(multipart.filename, "multipart.filename", problems);
  for (const [name, text] of Object.entries(fieldsOf(multipart.fields ?? {}, "multipart.fields", problems))) {
    formName(name, "multipart.fields", problems);
    string(text, `multipart.fields.${name}`, problems);
  }
  return multipart as NonNullable<RequestSpec["multipart"]>;
}

function formName(value: unknown, name: string, problems: string[]): void {
  if (/["\r\n\0]/.test(string(value, name, problems))) problems.push(`${name} holds a quote or line break`);
}

function readResponseSpec(value: unknown, problems: string[]): ResponseSpec {
  const response = fieldsOf(value, "response", problems);
  known(response, "response.", problems, [
    ...["preset", "form", "valid", "times", "coldStart", "replica", "faces", "backend", "units", "stream"],
    ...["content", "save"],
  ]);
  if (response.preset !== undefined) string(response.preset, "response.preset", problems);
  if (response.form !== undefined) oneOf(response.form, FORMS, "response.form", problems);
  const valid = fieldsOf(response.valid ?? {}, "response.valid", problems);
  checkValid(valid, problems);
  for (const [name, source] of Object.entries(fieldsOf(response.times ?? {}, "response.times", problems))) {
    if (!/^[A-Za-z][A-Za-z0-9]*Seconds$/.test(name))
      problems.push(`response.times.${name}: a time's name ends in Seconds, for example ${name}Seconds`);
    checkTimeSource(source, `response.times.${name}`, problems);
  }
  for (const name of ["coldStart", "replica", "faces", "backend"])
    if (response[name] !== undefined) checkSource(response[name], `response.${name}`, problems);
  if (response.units !== undefined) {
    checkSource(response.units, "response.units", problems, ["name"]);
    const { name } = fieldsOf(response.units, "", []);
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(string(name, "response.units.name", problems)))
      problems.push(`response.units.name is ${show(name)}: use letters and digits, for example tokens`);
  }
  if (response.stream !== undefined)
    oneOf(response.stream, ["sse", "lines", "chunks"], "response.stream", problems);
  if (response.content !== undefined) checkContent(response, problems);
  if (response.save !== undefined) inRange(response.save, 0, 1, "response.save", problems);
  return { ...response, valid } as ResponseSpec;
}

function checkValid(valid: Fields, problems: string[]): void {
  known(valid, "response.valid.", problems, ["status", "json", "text", "expected"]);
  if (valid.status !== undefined) {
    const codes = Array.isArray(valid.status) ? valid.status : [valid.status];
    if (codes.length === 0 || !codes.every((code) => Number.isInteger(code) && code >= 200 && code <= 599))
      problems.push(`response.valid.status is ${show(valid.status)}: give one or more codes from 200 to 599`);
  }
  for (const [pointer, wanted] of Object.entries(
    fieldsOf(valid.json ?? {}, "response.valid.json", problems),
  )) {
    if (parsePointer(pointer) === undefined)
      problems.push(`response.valid.json: ${show(pointer)} is no JSON Pointer such as /label`);
    if (!["string", "number", "boolean"].includes(typeof wanted))
      problems.push(
        `response.valid.json: ${pointer} is ${show(wanted)}: give present, a text, a number or a boolean`,
      );
  }
  if (valid.text !== undefined) {
    try {
      new RegExp(string(valid.text, "response.valid.text", problems), "u");
    } catch (error) {
      problems.push(`response.valid.text: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (valid.expected !== undefined) string(valid.expected, "response.valid.expected", problems);
}

function checkContent({ content, stream }: Fields, problems: string[]): void {
  if (stream === undefined) problems.push("response.content is for streams: set response.stream");
  if (!Array.isArray(content) || content.length === 0) {
    problems.push(`response.content is ${show(content)}, not a list of JSON Pointers`);
    return;
  }
  for (const pointer of content)
    if (typeof pointer !== "string" || parsePointer(pointer) === undefined)
      problems.push(`response.content: ${show(pointer)} is no JSON Pointer such as /choices/0/delta/content`);
}

function checkSource(value: unknown, name: string, problems: string[], more: readonly string[] = []): void {
  const source = fieldsOf(value, name, problems);
  known(source, `${name}.`, problems, ["json", "header", ...more]);
  if ((source.json === undefined) === (source.header === undefined))
    problems.push(`${name}: give either json or header`);
  if (source.json !== undefined && parsePointer(string(source.json, `${name}.json`, problems)) === undefined)
    problems.push(`${name}.json is ${show(source.json)}, not a JSON Pointer such as /usage/tokens`);
  if (source.header !== undefined) headerValue(source.header, `${name}.header`, problems);
}

function checkTimeSource(value: unknown, name: string, problems: string[]): void {
  const { serverTiming, unit } = fieldsOf(value, "", []);
  if (serverTiming === undefined) {
    checkSource(value, name, problems, ["unit"]);
    if (unit !== undefined) oneOf(unit, ["s", "ms", "us"], `${name}.unit`, problems);
    return;
  }
  known(fieldsOf(value, name, problems), `${name}.`, problems, ["serverTiming"]);
  headerValue(serverTiming, `${name}.serverTiming`, problems);
}

function fieldsOf(value: unknown, name: string, problems: string[]): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  problems.push(`${name} is ${show(value)}, not an object`);
  return {};
}

function known(object: Fields, prefix: string, problems: string[], names: readonly string[]): void {
  for (const name of Object.keys(object))
    if (!names.includes(name)) problems.push(`unknown field ${prefix}${name.slice(0, 80)}`);
}

function string(value: unknown, name: string, problems: string[]): string {
  if (typeof value === "string" && value !== "") return value;
  problems.push(value === undefined ? `${name} is missing` : `${name} is ${show(value)}, not a text`);
  return "";
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], name: string, problems: string[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) problems.push(`${name} is ${show(value)}: use ${allowed.join(", ")}`);
  return found ?? (allowed[0] as T);
}

function inRange(value: unknown, min: number, max: number, name: string, problems: string[]): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  problems.push(`${name} is ${show(value)}: give a number from ${min} to ${max}`);
  return min;
}

/** A value in a message, cut to 80 characters. */
function show(value: unknown): string {
  return (JSON.stringify(value) ?? "missing").slice(0, 80);
}
