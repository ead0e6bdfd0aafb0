import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A function that responds as its path says; for tests of requests other than the face blur. */
export interface AnyFunction {
  readonly origin: string;
  readonly received: readonly {
    readonly path: string;
    readonly headers: IncomingMessage["headers"];
    readonly body: string;
  }[];
  /** Epoch ms at which `/sse` and `/lines` wrote each event of their last response. */
  readonly written: readonly number[];
  /** Bytes that `/gigabyte` and `/endless` have written. */
  readonly sentBytes: () => number;
  /** Connections that are open now. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

const EVENTS = 6;
const GAP_MS = 25;

export async function startAnyFunction(): Promise<AnyFunction> {
  const received: { path: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  const written: number[] = [];
  let sentBytes = 0;
  let open = 0;

  const stream = (response: ServerResponse, frame: (json: string) => string) => {
    written.length = 0;
    const next = (index: number) => {
      const last = index === EVENTS - 1;
      written.push(performance.timeOrigin + performance.now());
      response.write(frame(JSON.stringify({ word: `w${index}`, ...(last && { usage: { tokens: 11 } }) })));
      if (last) response.end(frame === sse ? "data: [DONE]\n\n" : "");
      else setTimeout(next, GAP_MS, index + 1);
    };
    setTimeout(next, GAP_MS, 0);
  };
  const sse = (json: string) => `data: ${json}\n\n`;
  /** Writes as fast as the client reads, without end if `total` is. */
  const pour = (response: ServerResponse, piece: Buffer, total: number) => {
    const more = () => {
      while (!response.destroyed && sentBytes < total) {
        sentBytes += piece.length;
        if (!response.write(piece)) return void response.once("drain", more);
      }
    };
    sentBytes = 0;
    more();
  };

  const server = createServer((request, response) => {
    const path = request.url ?? "";
    let body = "";
    request.setEncoding("latin1").on("data", (text) => {
      body += text;
    });
    request.on("end", () => {
      received.push({ path, headers: request.headers, body });
      if (path === "/sse") stream(response, sse);
      else if (path === "/lines") stream(response, (json) => `${json}\n`);
      else if (path === "/chunks") stream(response, (json) => json);
      else if (path === "/gigabyte") {
        response.writeHead(200, { "content-length": 1e9 });
        pour(response, Buffer.alloc(1 << 16, "a"), 1e9);
      } else if (path === "/endless") pour(response, Buffer.alloc(1 << 16, "a"), Number.POSITIVE_INFINITY);
      else if (path === "/endless-stream") {
        const timer = setInterval(() => response.write("data: {}\n\n"), 10);
        response.on("close", () => clearInterval(timer));
      } else if (path === "/throttled") response.writeHead(429, { "retry-after": "2" }).end("busy");
      else if (path === "/redirect") response.writeHead(307, { location: "/label" }).end();
      else if (path === "/echo-headers") {
        response.writeHead(request.headers.authorization === "Bearer t0k3n-secret" ? 200 : 401);
        response.end(JSON.stringify({ seen: request.headers.authorization }));
      } else {
        response.writeHead(200, {
          ...{ "content-type": "application/json", "x-instance": "r7" },
          "server-timing": ['cache;desc="miss, cold", queue;dur=250', "gateway;dur=1"],
        });
        response.end(JSON.stringify({ label: "cat", ms: 12.5, length: body.length }));
      }
    });
  });
  server.on("connection", (socket) => {
    open++;
    socket.on("error", () => {});
    socket.on("close", () => open--);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ received, written, sentBytes: () => sentBytes, open: () => open },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
