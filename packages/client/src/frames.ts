import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ClientError } from "./errors.ts";
import type { Encoding } from "./options.ts";

/** A frame ready to be sent. */
export interface EncodedFrame {
  readonly name: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly sizeBytes: number;
}

/**
 * Names of the frames in a folder: .jpg, .jpeg and .png, in the order of their numbers (2 before 10).
 * @throws {ClientError} CLIENT_NO_FRAMES when there is no such folder or no frame in it
 */
export async function listFrames(folder: string): Promise<readonly string[]> {
  const hint = "cut a video first: slbench frames video.mp4 --out DIR";
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new ClientError("CLIENT_NO_FRAMES", `cannot read the frames folder ${folder}`, hint, cause);
  });
  const order = new Intl.Collator("en", { numeric: true });
  const names = entries.filter((name) => /\.(jpe?g|png)$/i.test(name)).sort(order.compare);
  if (names.length > 0) return names;
  throw new ClientError(
    "CLIENT_NO_FRAMES",
    `no .jpg or .png among the ${entries.length} files in ${folder}`,
    hint,
  );
}

/** Reads one frame and encodes it as the request's body. */
export async function encodeFrame(folder: string, name: string, encoding: Encoding): Promise<EncodedFrame> {
  const bytes = await readFile(join(folder, name)).catch((cause: unknown) => {
    throw new ClientError(
      "CLIENT_BAD_FRAME",
      `cannot read frame ${name} in ${folder}`,
      "cut the frames again",
      cause,
    );
  });
  if (encoding === "base64") {
    const body = bytes.toString("base64");
    return { name, body, contentType: "text/plain", sizeBytes: body.length };
  }
  const contentType = /\.png$/i.test(name) ? "image/png" : "image/jpeg";
  return { name, body: new Uint8Array(bytes), contentType, sizeBytes: bytes.length };
}
