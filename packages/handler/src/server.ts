import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type BodyLimits, createBodyReader } from "./body.ts";
import { errorResponse, handleCall } from "./call.ts";
import type { FaceDetector } from "./detector.ts";
import { HandlerError } from "./errors.ts";
import { closeUnlessRead, createGuardedServer } from "./guarded-server.ts";
import type { HttpResponse } from "./response.ts";
import { createTurns } from "./turns.ts";

export interface ServerOptions extends Partial<BodyLimits> {
  readonly detector: FaceDetector;
  /** Name of this process in its answers. */
  readonly replica: string;
  /** Most pixels of a picture; absent: 50 million. */
  readonly maxPixels?: number;
}

/** A frame is 0.4 MB; 10 MB is what OpenFaaS's templates allow at most. */
export const bodyLimits: BodyLimits = {
  maxBodyBytes: 10_000_000,
  bodySeconds: 30,
  maxHeldBytes: 256_000_000,
};

/**
 * The function as an HTTP server (of-watchdog's mode http): pictures one at a time, in the order in which
 * their last byte came. Whose caller has gone before its turn is skipped. The caller of this listens.
 */
export function createFunctionServer(options: ServerOptions): Server {
  const { detector, replica, maxPixels } = options;
  const bodies = createBodyReader({ ...bodyLimits, ...options });
  const inTurn = createTurns();
  let coldStart = true;
  let abandoned: Promise<unknown> = Promise.resolve();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "POST") {
      response.setHeader("allow", "POST");
      throw new HandlerError("REQUEST_METHOD", 405, `the method is ${request.method}`, "post a frame");
    }
    const body = await bodies.read(request);
    const arrived = performance.now();
    await inTurn(async () => {
      if (response.destroyed) return; // timed out in the queue: nobody waits for this frame
      const waitSeconds = (performance.now() - arrived) / 1000;
      const state = { replica, coldStart, processAgeSeconds: process.uptime(), waitSeconds };
      coldStart = false;
      const { "content-type": contentType = "", accept = "" } = request.headers;
      const leaving = new AbortController();
      const left = new Promise<undefined>((resolve) =>
        response.once("close", () => {
          leaving.abort();
          resolve(undefined);
        }),
      );
      const call = { body, contentType, accept };
      const work = handleCall(call, detector, state, maxPixels, leaving.signal);
      const given = await Promise.race([work, left]);
      if (given !== undefined) return send(response, given);
      // Nothing can stop a decoder within a picture: the next request starts beside it. One such at a time.
      await abandoned;
      abandoned = work;
    }).finally(() => bodies.release(body));
  };

  const bodySeconds = options.bodySeconds ?? bodyLimits.bodySeconds;
  // The reader's own limit comes first: it answers as the function does.
  return createGuardedServer({ requestSeconds: bodySeconds + 2 }, (request, response) => {
    if (request.url === "/_/health" || request.url === "/_/ready") return void response.end("OK");
    answer(request, response).catch((error: unknown) => refuse(request, response, error));
  });
}

function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  response.writeHead(status, { ...headers, "content-length": body.byteLength });
  response.end(body);
}

/** Answers an error of the request itself, whose body may still be on its way. */
function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  closeUnlessRead(request, response);
  send(response, errorResponse(error));
}
