import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from "node:http";
import type { Duplex } from "node:stream";
import { HandlerError, renderError } from "./errors.ts";

export interface RequestLimits {
  /** Time from a request's first byte to its last. */
  readonly requestSeconds: number;
}

/** Time for a request's headers, which no body makes longer. */
const HEADERS_SECONDS = 10;
/** Node looks for requests over their time this often; its default of 30 s would double most limits. */
const CHECK_INTERVAL_MS = 1_000;
/** Time for which a sender whose body is not wanted may continue, so that it reads why. */
const LINGER_MS = 1_000;

/**
 * An HTTP server whose clients cannot hold it: headers and body have their time, and whatever is no request
 * gets a 4xx with the same JSON as any other error. Node alone would answer some of it without a body.
 */
export function createGuardedServer(
  { requestSeconds }: RequestLimits,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const options = {
    requestTimeout: requestSeconds * 1000,
    headersTimeout: Math.min(HEADERS_SECONDS, requestSeconds) * 1000,
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, requestSeconds * 500),
    requireHostHeader: false, // refused below, with JSON
  };
  const server = createServer(options, (request, response) => {
    const needsHost = request.httpVersionMajor === 1 && request.httpVersionMinor === 1;
    if (needsHost && request.headers.host === undefined) {
      return refuseHeaders(
        response,
        new HandlerError("REQUEST_MALFORMED", 400, "the header Host is missing", "send it with HTTP/1.1"),
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
        "leave it out, or send 100-continue",
      ),
    );
  });
  server.on("connect", (_request, socket) => {
    writeRefusal(socket, new HandlerError("REQUEST_METHOD", 405, "the method is CONNECT", "post a frame"));
  });
  server.on("clientError", refuseMalformed);
  return server;
}

/**
 * Closes the connection a moment after its response, unless the request has come to its end by then. Closed at
 * once, a sender that is still sending would lose the response; never closed, it would hold the connection.
 */
export function closeUnlessRead(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  request.resume();
  response.once("close", () => {
    if (request.complete) return;
    const close = setTimeout(() => request.socket.destroy(), LINGER_MS);
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

/** Bytes that are no HTTP request, headers beyond 16 kB, and requests that take too long. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || hasStartedResponse(socket)) return void socket.destroy();
  writeRefusal(socket, describeMalformed(error.code));
}

function describeMalformed(code: string | undefined): HandlerError {
  if (code === "HPE_HEADER_OVERFLOW") {
    const what = "the headers are larger than 16 kB";
    return new HandlerError("REQUEST_MALFORMED", 431, what, "send fewer or shorter headers");
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    const what = "the request did not come within its time";
    return new HandlerError("REQUEST_TOO_SLOW", 408, what, "send it in one go, or over a faster line");
  }
  return new HandlerError("REQUEST_MALFORMED", 400, "this is no HTTP request", "post a frame with HTTP/1.1");
}

/** A response under way: more bytes would become part of it. Node keeps it where its own handler looks. */
function hasStartedResponse(socket: Duplex): boolean {
  const { _httpMessage: response } = socket as { _httpMessage?: ServerResponse | null };
  return response?.headersSent === true;
}

function writeRefusal(socket: Duplex, error: HandlerError): void {
  if (!socket.writable) return void socket.destroy();
  const { status, body } = renderError(error);
  socket.on("error", () => {}); // the client may have gone
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\ncontent-length: ${body.byteLength}\r\n` +
      `connection: close\r\n\r\n${body.toString()}`,
    () => socket.destroy(), // a client that does not close its side would keep the connection
  );
}
