import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Duplex } from "node:stream";
import { HandlerError, renderError } from "../errors.ts";

export interface RequestLimits {
  /** Time limit from a request's first byte to its last. */
  readonly requestSeconds: number;
}

/** Time limit for a request's headers. */
const HEADERS_SECONDS = 10;
/** Interval at which Node checks for late requests; its default of 30 s would double most limits. */
const CHECK_INTERVAL_MS = 1_000;
/** Time for which a sender may continue after an early response, so that it can read the response. */
const LINGER_MS = 1_000;

/**
 * An HTTP server that clients cannot block. Headers and body have time limits, and malformed requests get a 4xx
 * with the same JSON as any other error. Node alone would send some of these responses without a body.
 */
export function createGuardedServer(
  { requestSeconds }: RequestLimits,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const options = {
    requestTimeout: requestSeconds * 1000,
    headersTimeout: Math.min(HEADERS_SECONDS, requestSeconds) * 1000,
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, requestSeconds * 500),
    requireHostHeader: false, // checked below, with a JSON response
  };
  const server = createServer(options, (request, response) => {
    const needsHost = request.httpVersionMajor === 1 && request.httpVersionMinor === 1;
    if (needsHost && request.headers.host === undefined) {
      return refuseHeaders(
        response,
        new HandlerError("REQUEST_MALFORMED", 400, "the header Host is missing", "add a Host header"),
      );
    }
    handle(request, response);
  });
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    const asked = String(request.headers.expect).slice(0, 80);
    refuseHeaders(
      response,
      new HandlerError(
        "REQUEST_EXPECTATION",
        417,
        `the header Expect is ${JSON.stringify(asked)}`,
        "remove the header, or send 100-continue",
      ),
    );
  });
  server.on("connect", (_request, socket) => {
    writeRefusal(
      socket,
      new HandlerError("REQUEST_METHOD", 405, "the method is CONNECT", "send a picture with POST"),
    );
  });
  server.on("clientError", refuseMalformed);
  return server;
}

/**
 * Closes the connection a moment after its response, unless the request is complete by then. If it closed at
 * once, a client still sending could lose the response; if it never closed, the client could hold the connection.
 */
export function closeUnlessRead(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  request.resume();
  response.once("close", () => {
    if (request.complete) return;
    const close = setTimeout(() => {
      // After a stall the timer fires before the rest of the request is read, although it arrived in time.
      setImmediate(() => request.complete || request.socket.destroy());
    }, LINGER_MS);
    const keep = () => clearTimeout(close);
    request.once("end", keep).once("close", keep);
  });
}

function refuseHeaders(response: ServerResponse, error: HandlerError): void {
  const { status, body } = renderError(error);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": body.byteLength,
    connection: "close",
  });
  response.end(body);
}

/** Rejects malformed HTTP, headers over 16 kB, and requests that take too long. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (socket.writableEnded && error.code !== "ECONNRESET") return; // what follows a refused request
  if (error.code === "ECONNRESET" || hasStartedResponse(socket)) return void socket.destroy();
  writeRefusal(socket, describeMalformed(error.code));
}

function describeMalformed(code: string | undefined): HandlerError {
  if (code === "HPE_HEADER_OVERFLOW") {
    const what = "the headers are larger than 16 kB";
    return new HandlerError("REQUEST_MALFORMED", 431, what, "send fewer or shorter headers");
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    const what = "the request did not arrive in time";
    return new HandlerError(
      "REQUEST_TOO_SLOW",
      408,
      what,
      "send the request without pauses, or over a faster connection",
    );
  }
  return new HandlerError(
    "REQUEST_MALFORMED",
    400,
    "this is not an HTTP request",
    "send a picture with POST over HTTP/1.1",
  );
}

/** True if a response has started: more bytes would become part of it. Node's own handler reads the same field. */
function hasStartedResponse(socket: Duplex): boolean {
  const { _httpMessage: response } = socket as { _httpMessage?: ServerResponse | null };
  return response?.headersSent === true;
}

/**
 * Responds, then reads on for a moment: bytes that arrive at a closed connection reset it, and the client's system
 * may drop the response with it. The time is limited, so that a client cannot hold the connection.
 */
function writeRefusal(socket: Duplex, error: HandlerError): void {
  if (!socket.writable) return void socket.destroy();
  const { status, body } = renderError(error);
  socket.on("error", () => {}); // the client may have disconnected
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\ncontent-length: ${body.byteLength}\r\n` +
      `connection: close\r\n\r\n${body.toString()}`,
  );
  socket.resume();
  const close = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(close));
}
