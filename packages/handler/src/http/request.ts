import { HandlerError } from "../errors.ts";
import type { BlurRequest } from "../handler.ts";
import type { PictureFormat } from "../picture/codec.ts";

/** Accepted content types; the first bytes of the body decide what it is. */
const READABLE = /^(|text\/.*|application\/(json|octet-stream|x-www-form-urlencoded)|image\/.*)$/;

/**
 * Reads a request's body: picture bytes, JSON with a base64 picture, or base64 text (from older clients).
 * @throws {HandlerError} BODY_EMPTY, BODY_TYPE, BODY_NOT_JSON, BODY_NOT_BASE64, OPTION_WRONG
 */
export function readRequest(body: Uint8Array, contentType: string): BlurRequest {
  if (body.byteLength === 0) {
    throw new HandlerError(
      "BODY_EMPTY",
      400,
      "the body is empty",
      "send a picture: base64 text, JPEG or PNG bytes, or JSON",
    );
  }
  const type = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  if (!READABLE.test(type)) {
    throw new HandlerError(
      "BODY_TYPE",
      415,
      `the content type is ${type.slice(0, 80)}`,
      "send image/jpeg, image/png, application/json, or base64 as text/plain",
    );
  }
  if (type.startsWith("image/") || body[0] === 0xff || body[0] === 0x89) return { bytes: body };
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1");
  if (type === "application/json" || /^\s*\{/.test(text)) return readJson(body);
  return { bytes: decodeBase64(text) };
}

function readJson(body: Uint8Array): BlurRequest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    throw new HandlerError("BODY_NOT_JSON", 400, "the body is not JSON", 'send {"image": "<base64>"}', cause);
  }
  const { image, threshold, format } = (value ?? {}) as Record<string, unknown>;
  if (typeof image !== "string") {
    throw new HandlerError(
      "BODY_NOT_JSON",
      400,
      "the JSON has no string `image`",
      'send {"image": "<base64>"}',
    );
  }
  if (threshold !== undefined && !(typeof threshold === "number" && threshold >= 0 && threshold <= 1)) {
    throw wrongOption("threshold", threshold, "use a number from 0 to 1");
  }
  if (format !== undefined && format !== "jpeg" && format !== "png") {
    throw wrongOption("format", format, "use jpeg or png");
  }
  return {
    bytes: decodeBase64(image),
    ...(threshold !== undefined && { threshold: threshold as number }),
    ...(format !== undefined && { format: format as PictureFormat }),
  };
}

function wrongOption(name: string, value: unknown, hint: string): HandlerError {
  return new HandlerError("OPTION_WRONG", 400, `${name} is ${JSON.stringify(value).slice(0, 80)}`, hint);
}

/** Length without padding and trailing line ends; a regular expression would scan every character. */
function withoutPadding(text: string): number {
  let end = text.length;
  while (end > 0 && /\s/.test(text[end - 1] as string)) end--;
  const letters = end;
  while (end > 0 && letters - end < 2 && text[end - 1] === "=") end--;
  return end;
}

/** Strict: Node's decoder skips characters that are not base64, and the output length reveals it. */
function decodeBase64(text: string): Uint8Array {
  const bare = text.replace(/^\s*(data:[a-z/+.-]+;base64,)?/i, "");
  for (const candidate of [bare, bare.replace(/\s+/g, "")]) {
    const significant = withoutPadding(candidate);
    const bytes = Buffer.from(candidate, "base64");
    if (significant > 0 && significant % 4 !== 1 && bytes.length === Math.floor((significant * 3) / 4)) {
      return bytes;
    }
  }
  const wrong = /[^A-Za-z0-9+/_=\s-]|=(?=\s*[^=\s])/.exec(bare);
  const what =
    wrong !== null
      ? `${JSON.stringify(wrong[0])} at character ${text.length - bare.length + wrong.index + 1}`
      : bare.trim() === ""
        ? "an empty text"
        : "a truncated text";
  throw new HandlerError(
    "BODY_NOT_BASE64",
    400,
    `the picture is not base64: found ${what}`,
    "encode the picture as base64, or send its bytes as image/jpeg or image/png",
  );
}
