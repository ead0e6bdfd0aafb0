import type { PictureFormat } from "./codec.ts";
import { HandlerError } from "./errors.ts";
import type { BlurRequest } from "./handler.ts";

/**
 * Reads a request's body: picture bytes, JSON with a base64 picture, or base64 text (what older clients post).
 * @throws {HandlerError} BODY_EMPTY, BODY_NOT_JSON, BODY_NOT_BASE64, OPTION_WRONG
 */
export function readRequest(body: Uint8Array, contentType: string): BlurRequest {
  if (body.byteLength === 0) {
    throw new HandlerError(
      "BODY_EMPTY",
      400,
      "the body is empty",
      "post a frame: base64 text, JPEG or PNG bytes, or JSON",
    );
  }
  const [type = ""] = contentType.toLowerCase().split(";");
  if (type.startsWith("image/") || body[0] === 0xff || body[0] === 0x89) return { bytes: body };
  const text = new TextDecoder().decode(body);
  if (type.trim() === "application/json" || /^\s*\{/.test(text)) return readJson(text);
  return { bytes: decodeBase64(text) };
}

function readJson(text: string): BlurRequest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HandlerError("BODY_NOT_JSON", 400, "the body is not JSON", 'send {"image": "<base64>"}', cause);
  }
  const { image, threshold, format } = (value ?? {}) as Record<string, unknown>;
  if (typeof image !== "string") {
    throw new HandlerError(
      "BODY_NOT_JSON",
      400,
      "the JSON has no text `image`",
      'send {"image": "<base64>"}',
    );
  }
  if (threshold !== undefined && !(typeof threshold === "number" && threshold >= 0 && threshold <= 1)) {
    throw new HandlerError(
      "OPTION_WRONG",
      400,
      `threshold is ${JSON.stringify(threshold)?.slice(0, 80)}`,
      "give a number from 0 to 1",
    );
  }
  if (format !== undefined && format !== "jpeg" && format !== "png") {
    throw new HandlerError(
      "OPTION_WRONG",
      400,
      `format is ${JSON.stringify(format)?.slice(0, 80)}`,
      "give jpeg or png",
    );
  }
  return {
    bytes: decodeBase64(image),
    ...(threshold !== undefined && { threshold: threshold as number }),
    ...(format !== undefined && { format: format as PictureFormat }),
  };
}

function decodeBase64(text: string): Uint8Array {
  const bare = text.trim().replace(/^data:[a-z/+.-]+;base64,/i, "");
  const wrong = /[^A-Za-z0-9+/=\s]/.exec(bare);
  if (wrong !== null || bare === "") {
    const what = wrong === null ? "nothing" : `${JSON.stringify(wrong[0])} at character ${wrong.index + 1}`;
    throw new HandlerError(
      "BODY_NOT_BASE64",
      400,
      `the picture is not base64: found ${what}`,
      "encode the picture's bytes as base64, or post them as image/jpeg or image/png",
    );
  }
  return Buffer.from(bare, "base64");
}
