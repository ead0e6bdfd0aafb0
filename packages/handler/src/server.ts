import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { HttpAnswer } from "./answer.ts";
import { type BodyLimits, createBodyReader } from "./body.ts";
import { answerCall, answerError } from "./call.ts";
import type { FaceDetector } from "./detector.ts";
import { HandlerError, renderError } from "./errors.ts";
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

/** How long somebody who is sending too much may go on, so that he reads why nobody listens. */
const LINGER_MS = 1_000;

/**
 * The function as an HTTP server (of-watchdog's mode http): pictures one at a time, in the order in which
 * their last byte came. Whose caller has gone before its turn is skipped. The caller of this listens.
 */
export function createFunctionServer(options: ServerOptions): Server {
  const { detector, replica, maxPixels } = options;
  const bodies = createBodyReader({ ...bodyLimits, ...options });
  const inTurn = createTurns();
  let coldStart = true;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== "POST") {
      response.setHeader("allow", "POST");
      throw new HandlerError("REQUEST_METHOD", 405, `the method is ${request.method}`, "post a frame");
    }
    const body = await bodies.read(request);
    const came = performance.now();
    await inTurn(async () => {
      if (response.destroyed) return; // timed out in the queue: nobody waits for this frame
      const waitSeconds = (performance.now() - came) / 1000;
      const state = { replica, coldStart, processAgeSeconds: process.uptime(), waitSeconds };
      coldStart = false;
      const { "content-type": contentType = "", accept = "" } = request.headers;
      send(response, await answerCall({ body, contentType, accept }, detector, state, maxPixels));
    }).finally(() => bodies.release(body));
  };

  const server = createServer((request, response) => {
    if (request.url === "/_/health" || request.url === "/_/ready") return void response.end("OK");
    answer(request, response).catch((error: unknown) => refuse(request, response, error));
  });
  server.on("clientError", refuseMalformed);
  server.requestTimeout = ((options.bodySeconds ?? bodyLimits.bodySeconds) + 10) * 1000; // ours comes first
  return server;
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, { ...headers, "content-length": body.byteLength });
  response.end(body);
}

/** Answers an error of the request itself, whose body may still be on its way. */
function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const refusal = answerError(error);
  if (request.complete) return void send(response, refusal);
  // Somebody who is still sending would lose the answer with the connection: read on for a moment.
  const { status, headers, body } = refusal;
  response.writeHead(status, { ...headers, "content-length": body.byteLength, connection: "close" });
  response.write(body);
  const end = () => {
    clearTimeout(progressNotifier);
    response.end();
  };
  const progressNotifier = setTimeout(end, LINGER_MS);
  request.once("end", end).once("close", end).resume();
}

/** Bytes that are no HTTP request, or headers beyond Node's limits (16 kB, 60 s). */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") return void socket.destroy();
  const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
  const { body } = renderError(
    new HandlerError("REQUEST_MALFORMED", status, "this is no HTTP request", "post a frame with HTTP/1.1"),
  );
  const reason = status === 431 ? "Request Header Fields Too Large" : "Bad Request";
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json\r\ncontent-length: ${body.byteLength}\r\n` +
      `connection: close\r\n\r\n${body.toString()}`,
  );
}
