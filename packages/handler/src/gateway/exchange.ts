import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { closeUnlessRead } from "../http/guarded-server.ts";
import { secondsSince } from "./duration.ts";

/** One request as it passes through gateway and watchdog. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The request's body: the request itself, or what was read of it while it waited. */
  readonly body: Readable;
  /** Path and query below the function's name. */
  readonly path: string;
  /** `process.hrtime.bigint()` at its arrival. */
  readonly started: bigint;
}

/** Headers that belong to one connection, not to the message. */
const HOP_BY_HOP = new Set([
  ...["connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "proxy-connection"],
  "expect", // Node has handled it
]);

export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

/** Sends a short response of the gateway or watchdog. The first response wins; one already started is cut off. */
export function respond(
  exchange: Exchange,
  status: number,
  headers: OutgoingHttpHeaders = {},
  body: string | Uint8Array = "",
): void {
  const { request, response } = exchange;
  if (response.writableEnded || response.destroyed) return;
  if (response.headersSent) return void response.destroy();
  request.unpipe();
  request.resume(); // the rest is read and discarded
  closeUnlessRead(request, response);
  response.writeHead(status, {
    ...headers,
    "content-length": Buffer.byteLength(body),
    "x-duration-seconds": secondsSince(exchange.started),
  });
  response.end(body);
}

/** Forwards a function's response. */
export function forwardResponse(
  exchange: Exchange,
  status: number,
  headers: IncomingHttpHeaders,
  body: Readable,
): void {
  const { request, response } = exchange;
  if (response.writableEnded || response.destroyed || response.headersSent) return void body.resume();
  if (!request.complete) {
    request.unpipe();
    closeUnlessRead(request, response);
  }
  response.writeHead(status, { ...endToEnd(headers), "x-duration-seconds": secondsSince(exchange.started) });
  body.pipe(response);
}

/** Closes the connection without a response. */
export function hangUp({ response }: Exchange): void {
  if (!response.writableEnded) response.destroy();
}
