import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server whose behaviour depends on the path; for tests. */
export interface ScenarioServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** Requests in order of arrival. */
  readonly requests: readonly { readonly path: string; readonly body: Buffer; readonly headers: Headers }[];
  /** Connections accepted so far. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

type Headers = IncomingMessage["headers"];

/** The response of the face-blur function. */
export function goodResponse(image = "/9j/AAAA"): string {
  return JSON.stringify({
    ...{
      image,
      format: "jpeg",
      width: 1,
      height: 1,
      faces: [{ x: 0, y: 0, width: 1, height: 1, score: 0.9 }],
    },
    ...{ mlSeconds: 0.05, totalSeconds: 0.06, backend: "native", coldStart: false, replica: "r1" },
  });
}

/** What each path does after it has read the request. */
const SCENARIOS: Readonly<Record<string, RequestListener>> = {
  "/ok": (_, response) => send(response, 200, goodResponse()),
  "/text": (_, response) =>
    send(response, 200, "Elapsed ML time: 0.05\nTotal time: 0.06\n{'img': '/9j/AAAA'}\n"),
  "/image": (_, response) => {
    const headers = {
      "x-slbench-ml-seconds": "0.05",
      "x-slbench-total-seconds": "0.06",
      "x-slbench-faces": "2",
    };
    response.writeHead(200, headers).end(Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
  },
  "/chunked": (_, response) => {
    response.write(goodResponse().slice(0, 10));
    response.end(goodResponse().slice(10));
  },
  "/until-close": (_, response) => {
    response.socket?.end(`HTTP/1.0 200 OK\r\n\r\n${goodResponse()}`);
  },
  "/never": () => {},
  "/trickle": (_, response) => {
    const timer = setInterval(() => response.write("a"), 20);
    response.on("close", () => clearInterval(timer));
  },
  "/close": (_, response) => {
    response.socket?.destroy();
  },
  "/reset": (_, response) => {
    response.socket?.resetAndDestroy();
  },
  "/half": (_, response) => {
    response.socket?.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
  },
  "/half-chunked": (_, response) => {
    response.socket?.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n0123456789");
  },
  "/not-http": (_, response) => {
    response.socket?.end("SSH-2.0-OpenSSH_9.2p1\r\n\r\n");
  },
  // then waits for the client's greeting
  "/greeting": (_, response) => {
    response.socket?.write("SSH-2.0-OpenSSH_9.2p1\r\n");
  },
  "/bad-length": (_, response) => {
    response.socket?.end("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n0123456789");
  },
  "/garbage": (_, response) => send(response, 200, "<html>\u0000\u0001 no JSON"),
  "/no-image": (_, response) => send(response, 200, JSON.stringify({ mlSeconds: 1 })),
  "/no-picture": (_, response) => send(response, 200, goodResponse("aGVsbG8gd29ybGQ=")),
  "/empty": (_, response) => send(response, 200, ""),
  "/watchdog-timeout": (_, response) => send(response, 504, ""),
  "/busy": (_, response) =>
    send(response, 429, "Concurrent request limit exceeded. Max concurrent requests: 2\n"),
  "/elsewhere": (_, response) => {
    response.writeHead(302, { location: "/ok" }).end();
  },
};

/** Starts a scenario server on a free port of 127.0.0.1. */
export async function startScenarioServer(): Promise<ScenarioServer> {
  const requests: { path: string; body: Buffer; headers: Headers }[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    // responds before the request is read
    if (path === "/too-large") return void response.writeHead(413, { connection: "close" }).end("too large");
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      requests.push({ path, body: Buffer.concat(parts), headers: request.headers });
      const scenario = SCENARIOS[path];
      if (scenario === undefined) send(response, 404, "error finding function");
      else scenario(request, response);
    });
  });
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-length": Buffer.byteLength(body), "x-call-id": "call-1" }).end(body);
}
