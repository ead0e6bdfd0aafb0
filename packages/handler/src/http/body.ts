import type { IncomingMessage } from "node:http";
import { HandlerError } from "../errors.ts";

export interface BodyLimits {
  /** Largest body in bytes. */
  readonly maxBodyBytes: number;
  /** Time limit for a complete body. */
  readonly bodySeconds: number;
  /** Total size in bytes of all bodies held at the same time. */
  readonly maxHeldBytes: number;
}

/** Reads bodies and limits the memory that they take. */
export interface BodyReader {
  /** @throws {HandlerError} BODY_TOO_LARGE, BODY_TOO_SLOW, BODY_CUT_SHORT, SERVER_BUSY */
  read(request: IncomingMessage): Promise<Uint8Array>;
  /** Call once for each body read, when it is no longer needed. */
  release(body: Uint8Array): void;
}

export function createBodyReader(limits: BodyLimits): BodyReader {
  let held = 0;
  const collect = (request: IncomingMessage, chunks: Uint8Array[]) =>
    new Promise<void>((resolve, reject) => {
      const fail = (error: HandlerError) => {
        clearTimeout(slow);
        request.removeAllListeners("data"); // the rest is read and discarded
        for (const chunk of chunks.splice(0)) held -= chunk.byteLength;
        reject(error);
      };
      const slow = setTimeout(() => fail(tooSlow(limits)), limits.bodySeconds * 1000);
      let size = 0;
      request.on("data", (chunk: Uint8Array) => {
        size += chunk.byteLength;
        held += chunk.byteLength;
        chunks.push(chunk);
        if (size > limits.maxBodyBytes) fail(tooLarge(limits));
        else if (held > limits.maxHeldBytes) fail(busy());
      });
      request.once("end", () => {
        clearTimeout(slow);
        resolve();
      });
      request.once("error", () => {}); // "close" follows
      request.once("close", () => {
        if (!request.readableEnded) fail(cutShort());
      });
    });
  return {
    async read(request) {
      if (Number(request.headers["content-length"] ?? 0) > limits.maxBodyBytes) throw tooLarge(limits);
      const chunks: Uint8Array[] = [];
      await collect(request, chunks);
      return Buffer.concat(chunks);
    },
    release(body) {
      held -= body.byteLength;
    },
  };
}

const tooLarge = ({ maxBodyBytes }: BodyLimits) =>
  new HandlerError(
    "BODY_TOO_LARGE",
    413,
    `the body is larger than ${maxBodyBytes} bytes`,
    "send a smaller picture, or raise --max-body",
  );

const tooSlow = ({ bodySeconds }: BodyLimits) =>
  new HandlerError(
    "BODY_TOO_SLOW",
    408,
    `the body did not arrive within ${bodySeconds} s`,
    "send the body without pauses, or over a faster connection",
  );

const cutShort = () =>
  new HandlerError(
    "BODY_CUT_SHORT",
    400,
    "the connection closed before the end of the body",
    "send the request again",
  );

const busy = () =>
  new HandlerError(
    "SERVER_BUSY",
    429,
    "too many pictures are waiting in this process",
    "send the request again later, or start more replicas",
  );
