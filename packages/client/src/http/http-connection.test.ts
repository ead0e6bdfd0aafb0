import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { createEncoder } from "../request/request.ts";
import { checkRequestSpec } from "../spec/check-request.ts";
import { slblurSpec } from "../testing/request-file.ts";
import { type ScenarioServer, startScenarioServer } from "../testing/scenario-server.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import { createHttpClient } from "./http-client.ts";
import type { Exchange } from "./http-connection.ts";
import { openNodeSocket } from "./socket-node.ts";

let server: ScenarioServer;
beforeAll(async () => {
  server = await startScenarioServer();
});
afterAll(() => server.close());

const picture = Buffer.alloc(300_000, 7);

function open(address: string, timeoutSeconds = 20) {
  const url = new URL(address);
  const client = createHttpClient({ url, openSocket: openNodeSocket, timeoutSeconds });
  const encode = createEncoder({ spec: checkRequestSpec(slblurSpec(address)), headers: {}, user: undefined });
  const { bytes } = encode("1.jpg", 1, picture, new GrowingBytes());
  return { client, post: () => client.post(bytes, new GrowingBytes()) as Promise<Exchange> };
}

async function once(path: string, timeoutSeconds = 20): Promise<Exchange> {
  const { client, post } = open(`${server.origin}${path}`, timeoutSeconds);
  const exchange = await post();
  client.close();
  return exchange;
}

describe("HttpClient", () => {
  it("posts the whole request and reads the whole response", async () => {
    const exchange = await once("/ok");
    const asked = server.requests.at(-1);
    expect(asked?.body.toString()).toBe(picture.toString("base64"));
    expect(asked?.headers).toMatchObject({ accept: "application/json", "content-type": "text/plain" });
    expect(exchange.response?.status).toBe(200);
    expect(exchange.response?.header("x-call-id")).toBe("call-1");
    expect(exchange.response?.header("x-none")).toBeUndefined();
    expect(exchange.receivedBytes).toBe(exchange.response?.body.length);
  });

  it("ends a request with the switch to another protocol, and its connection too", async () => {
    const head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    let connections = 0;
    const switching = createServer((socket) => {
      connections++;
      socket.on("error", () => {});
      socket.once("data", () => socket.write(Buffer.from(`${head}\x89\0`, "latin1")));
    });
    await new Promise<void>((done) => switching.listen(0, "127.0.0.1", done));
    const { port } = switching.address() as AddressInfo;
    const { client, post } = open(`http://127.0.0.1:${port}/`);
    for (const count of [1, 2]) {
      const exchange = await post();
      expect(exchange.response?.status).toBe(101);
      expect(exchange.response?.header("upgrade")).toBe("websocket");
      expect(connections).toBe(count);
    }
    client.close();
    await new Promise((done) => switching.close(done));
  });

  it("splits the round trip into parts that add up to it", async () => {
    const {
      connectSeconds = 0,
      sendSeconds = 0,
      waitSeconds = 0,
      receiveSeconds = 0,
      ...exchange
    } = await once("/ok");
    expect(connectSeconds).toBeGreaterThan(0);
    const sum = connectSeconds + sendSeconds + waitSeconds + receiveSeconds;
    expect(sum).toBeCloseTo(exchange.roundTripSeconds, 5);
  });

  test.each([
    ["/never", "timeout", undefined],
    ["/trickle", "timeout", 200],
    ["/close", "connection-closed", undefined],
    ["/reset", "connection-closed", undefined],
    ["/half", "connection-closed", 200],
    ["/half-chunked", "connection-closed", 200],
    ["/not-http", "invalid-response", undefined],
    ["/greeting", "invalid-response", undefined],
    ["/bad-length", "invalid-response", undefined],
  ])("reports %s as %s", async (path, outcome, status) => {
    const exchange = await once(path, 0.3);
    expect(exchange.response).toBeUndefined();
    expect(exchange.failure?.outcome).toBe(outcome);
    expect(exchange.status).toBe(status);
    expect(exchange.roundTripSeconds).toBeGreaterThan(0);
  });

  it("reports how much of a truncated response arrived", async () => {
    const { failure, receivedBytes } = await once("/half");
    expect(failure?.message).toBe("closed after 10 bytes of 100");
    expect(receivedBytes).toBe(10);
  });

  test.each(["/chunked", "/until-close"])("reads the response of %s", async (path) => {
    expect((await once(path)).response?.body.toString()).toContain('"image"');
  });

  it("reads a response that arrives before its request is sent", async () => {
    const { response } = await once("/too-large");
    expect(response?.status).toBe(413);
    expect(response?.body.toString()).toBe("too large");
  });

  it("reports a closed port as connect-error", async () => {
    const unused = await startScenarioServer();
    await unused.close();
    const { post } = open(`${unused.origin}/ok`);
    const { failure, connectSeconds } = await post();
    expect(failure?.outcome).toBe("connect-error");
    expect(failure?.message).toContain("ECONNREFUSED");
    expect(connectSeconds).toBeUndefined();
  });

  it("reports an unknown host name as connect-error", async () => {
    const { failure } = await open("http://no-such-host.invalid/ok").post();
    expect(failure?.outcome).toBe("connect-error");
  });

  it("keeps its connection, and opens another one if it was closed", async () => {
    const before = server.connections();
    const { client, post } = open(`${server.origin}/ok`);
    expect((await post()).connectSeconds).toBeGreaterThan(0);
    expect((await post()).connectSeconds).toBe(0);
    expect(server.connections() - before).toBe(1);
    client.close();
    const closing = open(`${server.origin}/until-close`);
    for (let turn = 0; turn < 2; turn++) expect((await closing.post()).connectSeconds).toBeGreaterThan(0);
    expect(server.connections() - before).toBe(3);
    closing.client.close();
  });

  it("does not use a connection that the server is about to close", async () => {
    let connections = 0;
    const brief = createServer((socket) => {
      connections++;
      // each request arrives in one piece here
      socket.on("data", () =>
        socket.write("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\n{}"),
      );
    });
    await new Promise<void>((resolve) => brief.listen(0, "127.0.0.1", resolve));
    const { port } = brief.address() as { port: number };
    const client = createHttpClient({
      ...{ url: new URL(`http://127.0.0.1:${port}/`), openSocket: openNodeSocket, timeoutSeconds: 5 },
    });
    for (let turn = 0; turn < 2; turn++) await client.post(Buffer.from("x"), new GrowingBytes());
    expect(connections).toBe(2);
    client.close();
    await new Promise((resolve) => brief.close(resolve));
  });

  test.each([
    ["a second response", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"],
    ["the beginning of one", "HTTP/1.1 200 OK\r\nContent-Le"],
    ["the head of one", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"],
    ["other bytes", "garbage"],
  ])("gives up a connection with %s behind the response", async (_name, behind) => {
    let connections = 0;
    const talkative = createServer((socket) => {
      connections++;
      socket.on("error", () => {});
      socket.on("data", () => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}${behind}`));
    });
    await new Promise<void>((resolve) => talkative.listen(0, "127.0.0.1", resolve));
    const { port } = talkative.address() as { port: number };
    const client = createHttpClient({
      ...{ url: new URL(`http://127.0.0.1:${port}/`), openSocket: openNodeSocket, timeoutSeconds: 5 },
    });
    for (let turn = 0; turn < 2; turn++) {
      const exchange = await client.post(Buffer.from("x"), new GrowingBytes());
      expect(exchange?.response?.body.toString()).toBe("{}");
    }
    expect(connections).toBe(2);
    client.close();
    await new Promise((resolve) => talkative.close(resolve));
  });

  it("sends concurrent requests over separate connections", async () => {
    const before = server.connections();
    const { client, post } = open(`${server.origin}/ok`);
    const exchanges = await Promise.all([post(), post(), post()]);
    expect(exchanges.every(({ response }) => response?.status === 200)).toBe(true);
    expect(server.connections() - before).toBe(3);
    client.close();
  });

  it("resolves to undefined for requests in flight at close() and for later ones", async () => {
    const { client, post } = open(`${server.origin}/never`);
    const pending = post();
    client.close();
    expect(await pending).toBeUndefined();
    expect(await post()).toBeUndefined();
  });
});
