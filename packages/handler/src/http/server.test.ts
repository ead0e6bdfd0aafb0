import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { promisify } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { FaceDetector } from "../detector.ts";
import { noneDetector } from "../detectors/none.ts";
import { decodeImage } from "../picture/codec.ts";
import type { Face } from "../picture/image.ts";
import { createFunctionServer, type ServerOptions } from "./server.ts";

const frame = await readFile(new URL("../../testdata/pictures/one-tiny.jpg", import.meta.url));
const face: Face = { x: 30, y: 30, width: 50, height: 60, score: 0.9 };
const one: FaceDetector = { backend: "none", detect: async () => [face] };

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(
  options: Partial<ServerOptions> = {},
): Promise<{ url: string; port: number; server: Server }> {
  const server = createFunctionServer({ detector: one, replica: "r1", ...options });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, port, server };
}

const post = (url: string, body: RequestInit["body"], headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", body: body ?? null, headers });

/** Sends raw bytes and reads until the server closes. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.setEncoding("latin1").on("data", (part: string) => {
    received += part;
  });
  socket.on("error", () => {});
  socket.write(bytes);
  await once(socket, "close");
  return received;
}

describe("the function's server responds with", () => {
  test("JSON that contains the blurred picture", async () => {
    const { url } = await serve();
    const response = await post(url, frame.toString("base64"));
    expect(response.status).toBe(200);
    expect(response.headers.get("x-slbench-faces")).toBe("1");
    const { image, ...rest } = (await response.json()) as { readonly image: string };
    expect(rest).toMatchObject({
      format: "jpeg",
      width: 120,
      height: 140,
      faces: [face],
      backend: "none",
      replica: "r1",
    });
    expect(rest).toHaveProperty("stageSeconds.encode", expect.any(Number));
    const before = (await decodeImage(frame)).image;
    const after = (await decodeImage(Buffer.from(image, "base64"))).image;
    // JPEG changes every pixel slightly; only the face changes strongly.
    const change = (x: number, y: number) =>
      Math.abs((before.data[(y * 120 + x) * 3] as number) - (after.data[(y * 120 + x) * 3] as number));
    const mean = (inside: boolean) => {
      const found: number[] = [];
      for (let y = 0; y < 140; y++) {
        for (let x = 0; x < 120; x++) {
          const isIn = x >= 30 && x < 80 && y >= 30 && y < 90;
          if (isIn === inside) found.push(change(x, y));
        }
      }
      return found.reduce((sum, value) => sum + value, 0) / found.length;
    };
    expect(mean(true)).toBeGreaterThan(10);
    expect(mean(false)).toBeLessThan(4);
  });

  test("a picture in the requested format", async () => {
    const { url } = await serve();
    const response = await post(url, frame, { "content-type": "image/jpeg", accept: "image/png" });
    expect(response.headers.get("content-type")).toBe("image/png");
    expect((await decodeImage(Buffer.from(await response.arrayBuffer()))).format).toBe("png");
  });

  test("coldStart once", async () => {
    const { url } = await serve();
    const cold: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      cold.push(((await (await post(url, frame)).json()) as { coldStart: unknown }).coldStart);
    }
    expect(cold).toEqual([true, false, false]);
  });

  test("health", async () => {
    const { url } = await serve();
    expect(await (await fetch(`${url}_/health`)).text()).toBe("OK");
  });
});

describe("the function's server rejects", () => {
  test.each<[string, Uint8Array | string, Record<string, string>, number, string]>([
    ["an empty body", "", {}, 400, "BODY_EMPTY"],
    ["what is not base64", "hello!", {}, 400, "BODY_NOT_BASE64"],
    ["a film", "x", { "content-type": "video/mp4" }, 415, "BODY_TYPE"],
    ["base64 of no picture", "aGVsbG8gd29ybGQ=", {}, 415, "IMAGE_TYPE"],
    ["a GIF", "GIF89a", { "content-type": "image/gif" }, 415, "IMAGE_TYPE"],
    ["half a picture", frame.subarray(0, 900), {}, 422, "IMAGE_BROKEN"],
    ["a body over the limit", new Uint8Array(20_001), {}, 413, "BODY_TOO_LARGE"],
  ])("%s", async (_name, body, headers, status, code) => {
    const { url } = await serve({ maxBodyBytes: 20_000 });
    const response = await post(url, body as BodyInit, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({
      error: { code, message: expect.any(String), hint: expect.any(String) },
    });
  });

  test("a body over the limit without a length", async () => {
    const { url } = await serve({ maxBodyBytes: 20_000 });
    const parts = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1_000)),
    });
    const response = await fetch(url, { method: "POST", body: parts, duplex: "half" } as RequestInit);
    expect(response.status).toBe(413);
  });

  test("a picture with too many pixels", async () => {
    const { url } = await serve({ maxPixels: 10_000 });
    const response = await post(url, frame);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: "IMAGE_TOO_LARGE" } });
  });

  test("GET", async () => {
    const { url } = await serve();
    const response = await fetch(url);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });

  test("unsupported and malformed requests, with JSON", async () => {
    const { port } = await serve();
    const body = "Content-Length: 1\r\n\r\na";
    for (const [sent, status] of [
      [`POST / HTTP/1.1\r\nConnection: close\r\n${body}`, 400], // no Host
      [`POST / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n${body}`, 417],
      ["CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 405],
      ["DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405],
      ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400],
      [`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
      ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
    ] as const) {
      const [head = "", json = ""] = (await raw(port, sent)).split("\r\n\r\n");
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*content-type: application/json`, "i"));
      expect(JSON.parse(json), sent).toEqual({
        error: { code: expect.any(String), message: expect.any(String), hint: expect.any(String) },
      });
    }
  });

  test("a sender that stops midway", async () => {
    const { port } = await serve({ bodySeconds: 0.05 });
    const received = await raw(port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
    expect(received).toMatch(/^HTTP\/1\.1 408 /);
    expect(received).toContain("BODY_TOO_SLOW");
  });

  test("bytes other than HTTP, and endless headers", async () => {
    const { port } = await serve();
    expect(await raw(port, "\x16\x03\x01 nonsense\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*REQUEST_MALFORMED/,
    );
    const headers = `POST / HTTP/1.1\r\nX: ${"a".repeat(40_000)}\r\n\r\n`;
    expect(await raw(port, headers)).toMatch(/^HTTP\/1\.1 431 [\s\S]*REQUEST_MALFORMED/);
  });

  test("bodies beyond its memory limit, and accepts them again once others are done", async () => {
    const { url, port } = await serve({ maxHeldBytes: 6_000 });
    const first = request({ port, method: "POST", headers: { "content-length": 5_000 } });
    first.write(Buffer.alloc(4_900));
    first.on("error", () => {});
    await expect
      .poll(async () => (await post(url, Buffer.alloc(2_000))).status, { timeout: 5_000 })
      .toBe(429);
    first.destroy();
    await expect.poll(async () => (await post(url, frame)).status, { timeout: 5_000 }).toBe(200);
  });
});

test("internal errors return 500 without leaking details", async () => {
  const broken: FaceDetector = {
    backend: "none",
    detect: () => Promise.reject(new Error("secret path /home/x")),
  };
  const { url } = await serve({ detector: broken });
  const response = await post(url, frame);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("secret");
  expect((await post(url, frame)).status).toBe(500); // the server still responds
});

test("the work for a client that disconnects ends between two stages and delays no other request", async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const detected: number[] = [];
  const slow: FaceDetector = {
    backend: "none",
    async detect(image) {
      detected.push(image.width);
      await gate;
      return [
        {
          get x(): number {
            throw new Error("blurred for a client that has left");
          },
          ...{ y: 0, width: 9, height: 9, score: 1 },
        },
      ];
    },
  };
  const logged = vi.spyOn(process.stderr, "write");
  const { url, server } = await serve({ detector: slow });
  const leaving = new AbortController();
  const gone = fetch(url, { method: "POST", body: frame, signal: leaving.signal }).catch(() => "gone");
  await expect.poll(() => detected.length).toBe(1);
  leaving.abort();
  expect(await gone).toBe("gone");
  await expect.poll(() => promisify(server.getConnections.bind(server))()).toBe(0);
  expect((await post(url, "not base64!")).status).toBe(400); // runs although the first one hangs
  open();
  await new Promise((resolve) => setImmediate(resolve));
  expect(logged).not.toHaveBeenCalled();
  logged.mockRestore();
});

test("requests run one at a time; those whose client disconnects while queued are skipped", async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let running = 0;
  const most: number[] = [];
  const slow: FaceDetector = {
    backend: "none",
    async detect() {
      most.push(++running);
      await gate;
      running--;
      return [];
    },
  };
  const { url } = await serve({ detector: slow });
  const leaving = new AbortController();
  const first = post(url, frame);
  await expect.poll(() => running).toBe(1);
  const second = fetch(url, { method: "POST", body: frame, signal: leaving.signal }).catch(() => "gone");
  const third = post(url, frame);
  await new Promise((resolve) => setImmediate(resolve));
  leaving.abort();
  expect(await second).toBe("gone");
  await expect.poll(() => running).toBe(1);
  open();
  expect((await first).status).toBe(200);
  expect((await third).status).toBe(200);
  expect(Math.max(...most)).toBe(1);
  expect(most.length).toBeLessThanOrEqual(3);
});

test("survives 10 000 hostile requests in a row", { timeout: 120_000 }, async () => {
  const { url, port } = await serve({ detector: noneDetector, maxBodyBytes: 50_000 });
  const wrong: readonly [Uint8Array, string][] = [
    [Buffer.from(""), ""],
    [Buffer.from("%%%"), ""],
    [Buffer.from("[[[["), "application/json"],
    [Buffer.from('{"image": 1}'), "application/json"],
    [frame.subarray(0, 700), "image/jpeg"],
    [Buffer.from("GIF89a"), "image/gif"],
    [Buffer.from("aGVsbG8="), "text/plain"],
    [new Uint8Array(60_000), "application/octet-stream"],
    [Buffer.from("x"), "video/mp4"],
  ];
  const { Agent } = await import("node:http");
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const send = ([body, type]: readonly [Uint8Array, string]) =>
    new Promise<number>((resolve) => {
      const outgoing = request(
        { port, agent, method: "POST", headers: { "content-type": type } },
        (answer) => {
          answer.resume();
          answer.once("close", () => resolve(answer.statusCode ?? 0));
        },
      );
      outgoing.on("error", () => resolve(-1));
      outgoing.end(body);
    });
  const statuses = new Map<number, number>();
  let next = 0;
  const sender = async () => {
    while (next < 10_000) {
      const status = await send(wrong[next++ % wrong.length] as readonly [Uint8Array, string]);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 8 }, sender));
  agent.destroy();
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(10_000);
  expect([...statuses.keys()].sort()).toEqual([400, 413, 415, 422]);
  const response = await post(url, frame);
  expect(response.status).toBe(200);
});

test("with a detector beside JavaScript, one request is decoded while another one is in the network", async () => {
  const opens: (() => void)[] = [];
  const beside: FaceDetector = {
    backend: "onnx",
    requestsAtOnce: 2,
    async detect(_image, _threshold, onWait) {
      await new Promise<void>((resolve) => opens.push(resolve));
      onWait?.(0.25);
      return [];
    },
  };
  const { url } = await serve({ detector: beside });
  const all = [post(url, frame), post(url, frame), post(url, frame)];
  await expect.poll(() => opens.length).toBe(2);
  opens[0]?.();
  await expect.poll(() => opens.length).toBe(3); // the third begins when the first has ended
  for (const open of opens) open();
  for (const response of await Promise.all(all)) {
    const { waitSeconds, totalSeconds, mlSeconds, stageSeconds } = JSON.parse(await response.text());
    expect(waitSeconds).toBeGreaterThanOrEqual(0.25);
    const { decode, detect, blur, encode } = stageSeconds;
    expect(detect).toBe(mlSeconds);
    expect(totalSeconds).toBeCloseTo(decode + detect + blur + encode, 4);
  }
});
