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
  if (format === "text") return decode(/'img': *'([^']*)'/.exec(body.toString("latin1"))?.[1]);
  const found = findImage(body);
  return found && decode(body.toString("latin1", found.start, found.end));
}

function decode(base64: string | undefined): Buffer | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, "base64");
}
