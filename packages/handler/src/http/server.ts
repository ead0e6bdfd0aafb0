import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { errorResponse, handleCall } from "../call.ts";
import type { FaceDetector } from "../detector.ts";
import { HandlerError } from "../errors.ts";
import { createTurns } from "../turns.ts";
import { type BodyLimits, createBodyReader } from "./body.ts";
import { closeUnlessRead, createGuardedServer } from "./guarded-server.ts";
import type { HttpResponse } from "./response.ts";

export interface ServerOptions extends Partial<BodyLimits> {
  readonly detector: FaceDetector;
  /** Name of this process in its responses. */
  readonly replica: string;
  /** Largest number of pixels in a picture; default 50 million. */
  readonly maxPixels?: number;
}

/** 10 MB is the limit of OpenFaaS's templates; a frame of the sample video is 0.4 MB. */
export const bodyLimits: BodyLimits = {
  maxBodyBytes: 10_000_000,
  bodySeconds: 30,
  maxHeldBytes: 256_000_000,
};

/**
 * The function as an HTTP server (of-watchdog's mode http). Handles one picture at a time, or two if
 * the network has a thread of its own, in the order in which their last bytes arrived. Requests whose client disconnects while queued are skipped. The caller must listen().
 *
 * A cold start is the first request of the process, or what a gateway that starts replicas on demand says in the
 * header X-Slbench-Cold-Start.
 */
export function createFunctionServer(options: ServerOptions): Server {
  const { detector, replica, maxPixels } = options;
  const bodies = createBodyReader({ ...bodyLimits, ...options });
  const inTurn = createTurns(detector.requestsAtOnce);
  let isFirst = true;
  let abandoned: Promise<unknown> = Promise.resolve();

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "POST") {
      response.setHeader("allow", "POST");
      throw new HandlerError(
        "REQUEST_METHOD",
        405,
        `the method is ${request.method}`,
        "send a picture with POST",
      );
    }
    const body = await bodies.read(request);
    const arrived = performance.now();
    await inTurn(async () => {
      if (response.destroyed) return; // the client has disconnected
      const waitSeconds = (performance.now() - arrived) / 1000;
      const { "content-type": contentType = "", accept = "", "x-slbench-cold-start": told } = request.headers;
      const state = {
        replica,
        coldStart: told === undefined ? isFirst : told === "true",
        processAgeSeconds: process.uptime(),
        waitSeconds,
      };
      isFirst = false;
      const disconnected = new AbortController();
      const closed = new Promise<undefined>((resolve) =>
        response.once("close", () => {
          disconnected.abort();
          resolve(undefined);
        }),
      );
      const call = { body, contentType, accept };
      const work = handleCall(call, detector, state, maxPixels, disconnected.signal);
      const result = await Promise.race([work, closed]);
      if (result !== undefined) return send(response, result);
      // The decoder cannot be stopped within a picture, so the next request runs beside it. At most one such.
      await abandoned;
      abandoned = work;
    }).finally(() => bodies.release(body));
  };

  const bodySeconds = options.bodySeconds ?? bodyLimits.bodySeconds;
  // The body reader's limit is shorter, so its JSON error is sent first.
  return createGuardedServer({ requestSeconds: bodySeconds + 2 }, (request, response) => {
    if (request.url === "/_/health" || request.url === "/_/ready") return void response.end("OK");
    handle(request, response).catch((error: unknown) => refuse(request, response, error));
  });
}

function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  response.writeHead(status, { ...headers, "content-length": body.byteLength });
  response.end(body);
}

/** Responds to an invalid request, whose body may still be arriving. */
function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  closeUnlessRead(request, response);
  send(response, errorResponse(error));
}
