import type { GrowingBytes } from "./growing-bytes.ts";
import type { AnswerFormat, Encoding } from "./options.ts";
import { VERSION } from "./version.ts";

/** A frame as a request, ready for the socket. */
export interface EncodedFrame {
  readonly name: string;
  /** Head and body, a view into the buffer that it was encoded into. */
  readonly request: Buffer;
  /** Size of the body. */
  readonly sizeBytes: number;
}

export interface RequestOptions {
  readonly url: URL;
  readonly encoding: Encoding;
  readonly format: AnswerFormat;
}

const ACCEPT: Record<AnswerFormat, string> = {
  json: "application/json",
  text: "text/plain",
  image: "image/*",
};

/** Writes the whole request for one frame, so that nothing is left to be done inside the timer. */
export function encodeRequest(
  options: RequestOptions,
  name: string,
  picture: Buffer,
  into: GrowingBytes,
): EncodedFrame {
  const { url, encoding, format } = options;
  const base64 = encoding === "base64" ? picture.toString("base64") : undefined;
  const sizeBytes = base64?.length ?? picture.length;
  const pictureType = name.toLowerCase().endsWith(".png") ? "image/png" : "image/jpeg";
  into.clear();
  into.appendAscii(
    [
      `POST ${url.pathname}${url.search} HTTP/1.1`,
      `Host: ${url.host}`,
      `User-Agent: slbench-client/${VERSION}`,
      `Accept: ${ACCEPT[format]}`,
      `Content-Type: ${base64 === undefined ? pictureType : "text/plain"}`,
      `Content-Length: ${sizeBytes}`,
      "\r\n",
    ].join("\r\n"),
  );
  if (base64 === undefined) into.append(picture);
  else into.appendAscii(base64);
  return { name, request: into.view(), sizeBytes };
}
