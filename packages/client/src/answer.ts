import type { Answer } from "./http-connection.ts";
import type { AnswerFormat } from "./options.ts";
import type { RequestResult } from "./report.ts";

/** What a good answer says of itself. */
export type Said = Pick<
  RequestResult,
  "mlSeconds" | "handlerSeconds" | "faces" | "backend" | "coldStart" | "replica"
>;

/** The function's answer in JSON, its picture left out. */
export interface AnswerJson extends Readonly<Record<string, unknown>> {
  readonly image: string;
}

/** What a good answer says of itself, or in a few words why it is none. */
export function readAnswer(answer: Answer, format: AnswerFormat): Said | string {
  if (answer.body.length === 0) return "the answer is empty";
  const fromHeaders = readHeaders(answer);
  if (format === "image") {
    return pictureType(answer.body) === undefined ? "the answer is neither JPEG nor PNG" : known(fromHeaders);
  }
  if (format === "text") return readText(answer.body, fromHeaders);
  const json = readJson(answer.body);
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
const BEGIN = 16;
const NO_PICTURE = "the answer's image is neither JPEG nor PNG";

/** Is this base64 of a picture? Its begin tells; decoding all of it is for those who ask. */
function isPicture(base64: string): boolean {
  return pictureType(Buffer.from(base64.slice(0, BEGIN), "base64")) !== undefined;
}

function beginOf(body: Buffer, { start, end }: Place): string {
  return body.toString("latin1", start, Math.min(end, start + BEGIN));
}

/** The answer's JSON, or what is wrong with it. `image` is "" here; findImage() has it. */
export function readJson(body: Buffer): AnswerJson | string {
  const found = findImage(body, "json");
  const value =
    found && tryParse(`${body.toString("utf8", 0, found.start)}${body.toString("utf8", found.end)}`);
  // The picture where it is expected; anything else is read as it stands.
  if (found !== undefined && found.end > found.start && isObject(value) && value.image === "") {
    return isPicture(beginOf(body, found)) ? (value as AnswerJson) : NO_PICTURE;
  }
  const whole = tryParse(body.toString("utf8"));
  if (whole === undefined) {
    const begin = body.toString("utf8", 0, 60).replaceAll(/\s+/g, " ").trim();
    return `the answer is not JSON: ${begin}`;
  }
  if (!isObject(whole) || typeof whole.image !== "string" || whole.image === "")
    return "the answer's JSON holds no image";
  return isPicture(whole.image) ? { ...whole, image: "" } : NO_PICTURE;
}

/** Where something lies in an answer's body. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the picture's base64 lies: `"image": "…"` in JSON, `'img': '…'` in an older function's text. Base64
 * needs no escapes, so the next quote ends it.
 * Decoding nine tenths of each answer only to drop it would cost more than everything else here.
 */
export function findImage(body: Buffer, format: AnswerFormat): Place | undefined {
  if (format !== "text") return findQuoted(body, "image", '"');
  return findQuoted(body, "img", "'") ?? findQuoted(body, "img", '"');
}

function findQuoted(body: Buffer, name: string, quote: string): Place | undefined {
  const key = `${quote}${name}${quote}`;
  const at = body.indexOf(key);
  const open = at < 0 ? -1 : body.indexOf(quote, at + key.length);
  const end = open < 0 ? -1 : body.indexOf(quote, open + 1);
  return end < 0 ? undefined : { start: open + 1, end };
}

function readHeaders(answer: Answer): { [Name in keyof Said]: Said[Name] | undefined } {
  const header = (name: string) => answer.header(`x-slbench-${name}`);
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

function readText(body: Buffer, fromHeaders: ReturnType<typeof readHeaders>): Said | string {
  const found = findImage(body, "text");
  // The times stand outside the picture, which is nine tenths of the answer.
  const { start, end } = found ?? { start: body.length, end: body.length };
  const text = body.toString("latin1", 0, start) + body.toString("latin1", end);
  const mlSeconds = numeric(/Elapsed ML time: *([0-9.eE+-]+)/.exec(text)?.[1]);
  const handlerSeconds = numeric(/Total time: *([0-9.eE+-]+)/.exec(text)?.[1]);
  if (mlSeconds === undefined || handlerSeconds === undefined)
    return "no 'Elapsed ML time:' and 'Total time:' in the answer";
  if (found === undefined) return "no 'img' in the answer";
  if (!isPicture(beginOf(body, found))) return NO_PICTURE;
  return known({ ...fromHeaders, mlSeconds, handlerSeconds });
}

function numeric(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === "" || !Number.isFinite(value) ? undefined : value;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Leaves out what is undefined. */
function known<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
