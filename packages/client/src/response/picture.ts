import { findImage, pictureType, type ResponseFormat } from "./read-response.ts";

export interface Picture {
  readonly bytes: Buffer;
  /** Its file extension. */
  readonly type: "jpg" | "png";
}

/** The blurred picture in a response body, or undefined if it holds none. */
export function pictureOf(body: Buffer, format: ResponseFormat): Picture | undefined {
  const bytes = bytesOf(body, format);
  const type = bytes && pictureType(bytes);
  return type === undefined || bytes === undefined ? undefined : { bytes, type };
}

function bytesOf(body: Buffer, format: ResponseFormat): Buffer | undefined {
  if (format === "image") return body;
  const found = findImage(body, format);
  return found && Buffer.from(body.toString("latin1", found.start, found.end), "base64");
}
