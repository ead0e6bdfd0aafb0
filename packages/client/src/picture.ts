import { findImage, pictureType } from "./answer.ts";
import type { AnswerFormat } from "./options.ts";

export interface Picture {
  readonly bytes: Buffer;
  /** Its file extension. */
  readonly type: "jpg" | "png";
}

/** The blurred picture in an answer's body, or undefined when there is none. */
export function pictureOf(body: Buffer, format: AnswerFormat): Picture | undefined {
  const bytes = bytesOf(body, format);
  const type = bytes && pictureType(bytes);
  return type === undefined || bytes === undefined ? undefined : { bytes, type };
}

function bytesOf(body: Buffer, format: AnswerFormat): Buffer | undefined {
  if (format === "image") return body;
  const found = findImage(body, format);
  return found && Buffer.from(body.toString("latin1", found.start, found.end), "base64");
}
