import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { renderAnswer } from "./answer.ts";
import type { FaceDetector } from "./detector.ts";
import { HandlerError } from "./errors.ts";
import { blurFaces } from "./handler.ts";
import { readRequest } from "./request.ts";

export interface ServerOptions {
  readonly detector: FaceDetector;
  /** Name of this process in its answers. */
  readonly replica: string;
  /** Largest body in bytes. */
  readonly maxBodyBytes: number;
}

/** Seconds that a sender may take for its whole body. */
const SLOW_SENDER_SECONDS = 30;

/** The function as an HTTP server (of-watchdog's mode http). The caller listens. */
export function createFunctionServer(options: ServerOptions): Server {
  const started = performance.now();
  let answered = 0;
  const server = createServer(async (request, response) => {
    if (request.url === "/_/health" || request.url === "/_/ready") return void response.end("OK");
    try {
      if (request.method !== "POST") {
        throw new HandlerError("OPTION_WRONG", 405, `the method is ${request.method}`, "post a frame");
      }
      const body = await readBody(request, options.maxBodyBytes);
      if (request.destroyed && !request.complete) return; // gone while it sent
      if (response.destroyed) return; // timed out in the queue: nobody waits for this frame
      const answer = await blurFaces(
        readRequest(body, request.headers["content-type"] ?? ""),
        options.detector,
      );
      const state = {
        replica: options.replica,
        coldStart: answered === 0,
        processAgeSeconds: (performance.now() - started) / 1000,
      };
      answered++;
      const { status, headers, body: out } = renderAnswer(answer, state, request.headers.accept ?? "");
      response.writeHead(status, { ...headers, "content-length": out.byteLength });
      response.end(out);
    } catch (error) {
      refuse(request, response, error);
    }
  });
  server.requestTimeout = SLOW_SENDER_SECONDS * 1000;
  server.headersTimeout = SLOW_SENDER_SECONDS * 1000;
  return server;
}

async function readBody(request: IncomingMessage, most: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new HandlerError(
      "BODY_TOO_LARGE",
      413,
      `the body is larger than ${most} bytes`,
      "send a smaller picture, or raise --max-body",
    );
  if (Number(request.headers["content-length"] ?? 0) > most) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const known = error instanceof HandlerError;
  const status = known ? error.status : 500;
  const body = {
    error: known
      ? { code: error.code, message: error.message, hint: error.hint }
      : { code: "INTERNAL", message: "the function failed", hint: "see the function's log" },
  };
  if (!known) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  // The rest of an unread body would be taken for the next request.
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body), () => {
    if (!request.complete) request.destroy();
  });
}
