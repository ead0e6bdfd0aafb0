import type { IncomingMessage } from "node:http";
import { HandlerError } from "./errors.ts";

export interface BodyLimits {
  /** Largest body in bytes. */
  readonly maxBodyBytes: number;
  /** Time that a sender may take for a whole body. */
  readonly bodySeconds: number;
  /** Bytes of all bodies together that are held at a time. */
  readonly maxHeldBytes: number;
}

/** Reads bodies, and knows how many bytes of them are held. */
export interface BodyReader {
  /** @throws {HandlerError} BODY_TOO_LARGE, BODY_TOO_SLOW, BODY_CUT_SHORT, SERVER_BUSY */
  read(request: IncomingMessage): Promise<Uint8Array>;
  /** To be called once for each body that was read, when it is not needed any more. */
  release(body: Uint8Array): void;
}

export function createBodyReader(limits: BodyLimits): BodyReader {
  let held = 0;
  const collect = (request: IncomingMessage, chunks: Uint8Array[]) =>
    new Promise<void>((resolve, reject) => {
      const fail = (error: HandlerError) => {
        clearTimeout(slow);
        request.removeAllListeners("data"); // it keeps flowing, into nothing
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
    `the body did not come within ${bodySeconds} s`,
    "send it in one go, or over a faster line",
  );

const cutShort = () =>
  new HandlerError("BODY_CUT_SHORT", 400, "the connection ended within the body", "send it again");

const busy = () =>
  new HandlerError(
    "SERVER_BUSY",
    429,
    "too many pictures are waiting in this process",
    "send it again later, or start more replicas",
  );
