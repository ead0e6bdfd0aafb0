import type { HttpResponse } from "../http/http-connection.ts";
import type { RequestResult } from "../report/report.ts";

/** The three forms of the face-blur function's responses. */
export type ResponseFormat = "json" | "text" | "image";

/** What a valid response reports about itself. */
export type ResponseFields = Pick<
  RequestResult,
  "mlSeconds" | "handlerSeconds" | "faces" | "backend" | "coldStart" | "replica"
>;

/** The function's JSON response without its picture. */
export interface ResponseJson extends Readonly<Record<string, unknown>> {
  readonly image: string;
}

/** The fields of a valid response, or a few words on what is wrong with it. */
export function readResponse(response: HttpResponse, format: ResponseFormat): ResponseFields | string {
  if (response.body.length === 0) return "the response is empty";
  const fromHeaders = readHeaders(response);
  if (format === "image") {
    return pictureType(response.body) === undefined
      ? "the response is neither JPEG nor PNG"
      : known(fromHeaders);
  }
  if (format === "text") return readText(response.body, fromHeaders);
  const json = readJson(response.body);
  if (typeof json === "string") return json;
  return known({
    mlSeconds: typeof json.mlSeconds === "number" ? json.mlSeconds : fromHeaders.mlSeconds,
    handlerSeconds: typeof json.totalSeconds === "number" ? json.totalSeconds : fromHeaders.handlerSeconds,
    faces: Array.isArray(json.faces) ? json.faces.length : fromHeaders.faces,
    backend: typeof json.backend === "string" ? json.backend : fromHeaders.backend,
    coldStart: typeof json.coldStart === "boolean" ? json.coldStart : fromHeaders.coldStart,
    replica: typeof json.replica === "string" ? json.replica : fromHeaders.replica,
  });
}

/** `jpg` or `png` by a picture's first bytes. */
export function pictureType(bytes: Uint8Array): "jpg" | "png" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "jpg";
  if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) return "png";
  return undefined;
}

/** Characters of base64 that hold a picture's first bytes, even if some of them are escaped. */
const PREFIX = 16;
const NO_PICTURE = "the response's image is neither JPEG nor PNG";

/** Whether this is base64 of a picture, judging by its first bytes only: decoding all of it would be slow. */
function isPicture(base64: string): boolean {
  return pictureType(Buffer.from(base64.slice(0, PREFIX), "base64")) !== undefined;
}

function prefixOf(body: Buffer, { start, end }: ByteRange): string {
  return body.toString("latin1", start, Math.min(end, start + PREFIX));
}

/** The response's JSON, or what is wrong with it. `image` is replaced by ""; findImage() locates it. */
export function readJson(body: Buffer): ResponseJson | string {
  const found = findImage(body, "json");
  const value =
    found && tryParse(`${body.toString("utf8", 0, found.start)}${body.toString("utf8", found.end)}`);
  // The fast path found the picture; anything else is parsed as a whole.
  if (found !== undefined && found.end > found.start && isObject(value) && value.image === "") {
    return isPicture(prefixOf(body, found)) ? (value as ResponseJson) : NO_PICTURE;
  }
  const whole = tryParse(body.toString("utf8"));
  if (whole === undefined) {
    return `the response is not JSON: ${beginningOf(body, 60)}`;
  }
  if (!isObject(whole) || typeof whole.image !== "string" || whole.image === "")
    return "the response's JSON has no image";
  return isPicture(whole.image) ? { ...whole, image: "" } : NO_PICTURE;
}

/** A range of bytes in a response body. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Locates the picture's base64: `"image": "…"` in JSON, `'img': '…'` in an older function's text. Base64 needs
 * no escapes, so the next quote ends it. The picture is nine tenths of a response: decoding it only to drop it
 * would cost more than everything else here.
 */
export function findImage(body: Buffer, format: ResponseFormat): ByteRange | undefined {
  if (format !== "text") return findQuoted(body, "image", '"');
  return findQuoted(body, "img", "'") ?? findQuoted(body, "img", '"');
}

function findQuoted(body: Buffer, name: string, quote: string): ByteRange | undefined {
  const key = `${quote}${name}${quote}`;
  const at = body.indexOf(key);
  const open = at < 0 ? -1 : body.indexOf(quote, at + key.length);
  const end = open < 0 ? -1 : body.indexOf(quote, open + 1);
  return end < 0 ? undefined : { start: open + 1, end };
}

function readHeaders(response: HttpResponse): {
  [Name in keyof ResponseFields]: ResponseFields[Name] | undefined;
} {
  const header = (name: string) => response.header(`x-slbench-${name}`);
  const cold = header("cold-start");
  return {
    mlSeconds: numeric(header("ml-seconds")),
    handlerSeconds: numeric(header("total-seconds")),
    faces: numeric(header("faces")),
    backend: header("backend"),
    coldStart: cold === undefined ? undefined : cold === "true",
    replica: header("replica"),
  };
}

function readText(body: Buffer, fromHeaders: ReturnType<typeof readHeaders>): ResponseFields | string {
  const found = findImage(body, "text");
  // The times are outside the picture, which is nine tenths of the response.
  const { start, end } = found ?? { start: body.length, end: body.length };
  const text = body.toString("latin1", 0, start) + body.toString("latin1", end);
  const mlSeconds = numeric(/Elapsed ML time: *([0-9.eE+-]+)/.exec(text)?.[1]);
  const handlerSeconds = numeric(/Total time: *([0-9.eE+-]+)/.exec(text)?.[1]);
  if (mlSeconds === undefined || handlerSeconds === undefined)
    return "no 'Elapsed ML time:' and 'Total time:' in the response";
  if (found === undefined) return "no 'img' in the response";
  if (!isPicture(prefixOf(body, found))) return NO_PICTURE;
  return known({ ...fromHeaders, mlSeconds, handlerSeconds });
}

function numeric(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === "" || !Number.isFinite(value) ? undefined : value;
}

/** Parses JSON; undefined if the text is not JSON. */
export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The beginning of a body on one line, to be quoted. */
export function beginningOf(body: Buffer, bytes: number): string {
  return body.toString("utf8", 0, bytes).replaceAll(/\s+/g, " ").trim();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The values without those that are undefined. */
export function known<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
