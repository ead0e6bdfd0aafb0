// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are literal text here
import { SlbenchError } from "../slbench-error.ts";
import { MAX_TIMER_SECONDS } from "../timing/wait.ts";
import { readResponseSpec } from "./check-response.ts";
import { fieldsOf, headerValue, inRange, known, oneOf, show, string } from "./field-checks.ts";
import { REQUEST_SCHEMA, type RequestSpec } from "./request-spec.ts";
import { PLACEHOLDERS, parseTemplate } from "./template.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/** The client sets these itself. */
const OWN_HEADERS = ["connection", "content-length", "expect", "transfer-encoding", "upgrade"];

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

/** The names of the `${env:NAME}` in header values, each once. */
export function environmentNames(headers: RequestSpec["headers"]): readonly string[] {
  const names = Object.values(headers).flatMap((value) =>
    [...value.matchAll(/\$\{env:([^}]*)\}/g)].map(([, name]) => name as string),
  );
  return [...new Set(names)];
}

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
    if (needs !== undefined) problems.push("body uses a payload, but payloads is none");
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
