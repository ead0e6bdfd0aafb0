import { type ClientErrorCode, SlbenchError } from "../errors.ts";
import type { GrowingBytes } from "../http/growing-bytes.ts";
import { contentTypeOf } from "../spec/content-type.ts";
import type { RequestSpec } from "../spec/request-spec.ts";
import type { ResponseForm } from "../spec/response-spec.ts";
import { type Placeholder, parseTemplate } from "../spec/template.ts";
import { VERSION } from "../version.ts";

/** An encoded request, ready for the socket. */
export interface EncodedRequest {
  readonly name: string;
  /** Head and body: a view into the buffer that it was encoded into. */
  readonly bytes: Buffer;
  /** Size of the body. */
  readonly sizeBytes: number;
}

/** Encodes a whole request beforehand, so that the timer covers only the network and the function. */
export type RequestEncoder = (
  name: string,
  sequence: number,
  payload: Buffer,
  into: GrowingBytes,
) => EncodedRequest;

export interface EncoderOptions {
  readonly spec: RequestSpec;
  /** Environment variables filled in. */
  readonly headers: Readonly<Record<string, string>>;
  readonly user: string | undefined;
}

const ACCEPT: Record<ResponseForm, string> = {
  "slblur-json": "application/json",
  "slblur-text": "text/plain",
  "slblur-image": "image/*",
};

/** Puts together once what all requests of a user share. */
export function createEncoder({ spec, headers, user }: EncoderOptions): RequestEncoder {
  const { pathname, search, host } = new URL(spec.url);
  const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const form = spec.response.form;
  const { body: encodeBody, type: bodyType } = chooseBody(spec, user);
  const beginning = [
    `${spec.method} ${pathname}${search} HTTP/1.1`,
    `Host: ${given.get("host") ?? host}`,
    `User-Agent: ${given.get("user-agent") ?? `slbench-client/${VERSION}`}`,
    `Accept: ${given.get("accept") ?? (form === undefined ? "*/*" : ACCEPT[form])}`,
  ].join("\r\n");
  const others = Object.entries(headers)
    .filter(([name]) => !["host", "user-agent", "accept", "content-type"].includes(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  const hasBody = spec.payloads !== "none" || spec.body !== undefined;
  return (name, sequence, payload, into) => {
    const body = encodeBody(payload, name, sequence);
    const sizeBytes = Array.isArray(body)
      ? body.reduce((sum, part) => sum + part.length, 0)
      : (body as Buffer | string).length;
    const contentType = given.get("content-type") ?? bodyType(name);
    const length = hasBody
      ? `Content-Type: ${contentType}\r\nContent-Length: ${sizeBytes}\r\n`
      : spec.method === "GET" || spec.method === "OPTIONS"
        ? ""
        : "Content-Length: 0\r\n";
    into.clear();
    into.appendAscii(`${beginning}\r\n${length}${others}\r\n`);
    if (typeof body === "string") into.appendAscii(body);
    else if (Array.isArray(body)) for (const part of body) into.append(part);
    else into.append(body as Buffer);
    return { name, bytes: into.view(), sizeBytes };
  };
}

/** A text is ASCII; a list is sent piece by piece. */
type Body = Buffer | string | readonly Buffer[];

interface BodyEncoder {
  readonly body: (payload: Buffer, name: string, sequence: number) => Body;
  /** The Content-Type of a payload of this name. */
  readonly type: (name: string) => string;
}

function chooseBody(spec: RequestSpec, user: string | undefined): BodyEncoder {
  const payloadType = (name: string) => spec.contentType ?? typeByName(spec, name);
  if (spec.multipart !== undefined) return multipartBody(spec.multipart, payloadType);
  if (spec.body !== undefined) {
    const type = spec.contentType ?? (/^\s*[{[]/.test(spec.body) ? "application/json" : "text/plain");
    return { body: templateBody(spec.body, user), type: () => type };
  }
  if (spec.encode === "base64")
    return { body: (payload) => payload.toString("base64"), type: () => spec.contentType ?? "text/plain" };
  return { body: (payload) => payload, type: payloadType };
}

const typeByName = ({ payloads }: RequestSpec, name: string) =>
  payloads === "lines" ? "text/plain" : contentTypeOf(name);

function templateBody(template: string, user: string | undefined): BodyEncoder["body"] {
  const parts = parseTemplate(template);
  if ("unknown" in parts) throw new RangeError(`unknown placeholder ${parts.unknown}`); // checked before
  return (payload, name, sequence) => {
    const values: Record<Placeholder, () => string> = {
      base64: () => payload.toString("base64"),
      text: () => JSON.stringify(decodeText(payload, name)),
      json: () => checkedJson(payload, name),
      sequence: () => String(sequence),
      // Inside quotes of the template, as ${uuid} and ${base64} are.
      user: () => JSON.stringify(user ?? "").slice(1, -1),
      uuid: () => globalThis.crypto.randomUUID(),
    };
    return Buffer.from(parts.map((part) => (typeof part === "string" ? part : values[part.name]())).join(""));
  };
}

function decodeText(payload: Buffer, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(payload);
  } catch (cause) {
    const hint = "use $" + "{base64} for binary payloads, or save the file as UTF-8";
    throw new SlbenchError<ClientErrorCode>("CLIENT_BAD_PAYLOAD", `payload ${name} is not UTF-8 text`, {
      hint,
      cause,
    });
  }
}

function checkedJson(payload: Buffer, name: string): string {
  const text = decodeText(payload, name);
  try {
    JSON.parse(text);
    return text;
  } catch (cause) {
    const hint = "fix the payload, or use $" + "{text} to send it as a text";
    throw new SlbenchError<ClientErrorCode>("CLIENT_BAD_PAYLOAD", `payload ${name} is not JSON`, {
      hint,
      cause,
    });
  }
}

/** multipart/form-data: RFC 7578. */
function multipartBody(
  { field, filename, fields = {} }: NonNullable<RequestSpec["multipart"]>,
  payloadType: (name: string) => string,
): BodyEncoder {
  const boundary = `slbench-${globalThis.crypto.randomUUID()}`;
  const texts = Object.entries(fields)
    .map(
      ([name, text]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`,
    )
    .join("");
  const end = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    body: (payload, name) => {
      // Escaped as browsers do.
      const shown = (filename ?? name).replaceAll(/["\r\n]/g, (character) => encodeURIComponent(character));
      const disposition = `form-data; name="${field}"; filename="${shown}"`;
      const head = `${texts}--${boundary}\r\nContent-Disposition: ${disposition}\r\nContent-Type: ${payloadType(name)}\r\n\r\n`;
      return [Buffer.from(head), payload, end];
    },
    type: () => `multipart/form-data; boundary=${boundary}`,
  };
}
