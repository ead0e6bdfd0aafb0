import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setImmediate } from "node:timers/promises";
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
  return listen(createGuardedServer({ requestSeconds }, handle));
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** Sends the first part, then more every 20 ms; gives what arrived once the connection is closed, in whatever way. */
function dribble(port: number, first: string, more: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.setEncoding("latin1").on("data", (part: string) => {
    received += part;
  });
  socket.on("error", () => {}); // a sender that does not stop gets a reset in the end
  socket.write(first);
  const timer = setInterval(() => more !== "" && socket.write(more), 20);
  return new Promise((resolve) => {
    socket.once("close", () => {
      clearInterval(timer);
      resolve(received);
    });
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

test.each([
  ["late", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n", "408"],
  ["malformed", "not HTTP\r\n\r\n", "400"],
  ["of the method CONNECT", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", "405"],
])(
  "createGuardedServer() lets a client that is still sending read why its request, %s, was refused",
  async (_name, first, status) => {
    const server = createGuardedServer({ requestSeconds: 0.2 }, (request) => request.resume());
    const port = await listen(server);
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.setEncoding("latin1").on("error", () => {});
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write(first);
    await Promise.race([once(server, "clientError"), once(server, "connect")]);
    // Each write reaches the server before the next: one to a closed connection is reset, and the next one fails.
    for (let writes = 0; writes < 5; writes++) {
      await new Promise((resolve) => socket.write("a", resolve));
      await setImmediate();
    }
    socket.on("data", (part: string) => {
      received += part;
    });
    await closed;
    expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
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

/** A server that responds before a request is read, and a connection whose first request lacks its last byte. */
async function respondEarly() {
  const closed: Promise<unknown>[] = [];
  const port = await serve(60, (request, response) => {
    closeUnlessRead(request, response);
    closed.push(once(response, "close"));
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
  return {
    socket,
    received: () => received,
    firstClosed: closed[0],
    /** The first request's last byte, and a whole second request. */
    rest: `c${head("/two")}Connection: close\r\n\r\nabc`,
  };
}

test("closeUnlessRead() keeps a connection whose request completes", async () => {
  const { socket, received, rest } = await respondEarly();
  socket.write(rest);
  await once(socket, "close");
  expect(received()).toContain("/two");
});

test("closeUnlessRead() keeps a connection whose request arrived while the server was stalled", async () => {
  const { socket, received, firstClosed, rest } = await respondEarly();
  await firstClosed;
  await setImmediate(); // from here, the loop runs timers before it reads
  socket.write(rest);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500); // longer than the server waits
  await once(socket, "close");
  expect(received()).toContain("/two");
});
