import type { GrowingBytes } from "./growing-bytes.ts";
import type { Encoding, ResponseFormat } from "./options.ts";
import { VERSION } from "./version.ts";

/** An encoded request, ready for the socket. */
export interface EncodedRequest {
  readonly name: string;
  /** Head and body: a view into the buffer that it was encoded into. */
  readonly bytes: Buffer;
  /** Size of the body. */
  readonly sizeBytes: number;
}

export interface RequestOptions {
  readonly url: URL;
  readonly encoding: Encoding;
  readonly format: ResponseFormat;
}

const ACCEPT: Record<ResponseFormat, string> = {
  json: "application/json",
  text: "text/plain",
  image: "image/*",
};

/** Encodes a whole request beforehand, so that the timer covers only the network and the function. */
export function encodeRequest(
  options: RequestOptions,
  name: string,
  picture: Buffer,
  into: GrowingBytes,
): EncodedRequest {
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
  return { name, bytes: into.view(), sizeBytes };
}
