import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { closeUnlessRead, createGuardedServer } from "./guarded-server.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(
  requestSeconds: number,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<number> {
  const server = createGuardedServer({ requestSeconds }, handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** Sends the first part, then one more byte on each request; resolves when the server closes. */
function dribble(port: number, first: string, more: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.setEncoding("latin1").on("data", (part: string) => {
    received += part;
  });
  socket.on("error", () => {});
  socket.write(first);
  const timer = setInterval(() => more !== "" && socket.write(more), 20);
  return once(socket, "close").then(() => {
    clearInterval(timer);
    return received;
  });
}

test.each([
  ["nothing", "", ""],
  ["headers", "POST / HTTP/1.1\r\nHost: x\r\n", "X: a\r\n"],
  ["a body of a length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n", "a"],
  ["a body in chunks", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n"],
])(
  "createGuardedServer() responds 408 with JSON to a client that sends %s without end",
  async (_name, first, more) => {
    const port = await serve(0.2, (request) => request.resume());
    const [head = "", json = ""] = (await dribble(port, first, more)).split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\ncontent-type: application\/json/);
    expect(JSON.parse(json)).toMatchObject({ error: { code: "REQUEST_TOO_SLOW" } });
  },
);

test("closeUnlessRead() closes a connection whose sender continues after the response", async () => {
  const port = await serve(60, (request, response) => {
    closeUnlessRead(request, response);
    response.end("enough");
  });
  const head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n";
  expect(await dribble(port, head, "a")).toContain("enough");
});

test("closeUnlessRead() keeps a connection whose request completes", async () => {
  const port = await serve(60, (request, response) => {
    closeUnlessRead(request, response);
    response.end(request.url);
  });
  const head = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n`;
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.on("data", (part) => {
    received += part;
  });
  socket.write(`${head("/one")}\r\nab`);
  await expect.poll(() => received).toContain("/one");
  socket.write(`c${head("/two")}Connection: close\r\n\r\nabc`);
  await once(socket, "close");
  expect(received).toContain("/two");
});
