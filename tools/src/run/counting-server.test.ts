// What slbench reports against what a server counts, for every kind of load and response, through JMeter.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { journalRows, resultOf, runSlbench } from "../testing/slbench.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-counting-"));

/** One request as the server saw it. */
interface Seen {
  readonly path: string;
  readonly body: Buffer;
  readonly arrivedMs: number;
  /** What the response reported. */
  readonly units: number;
  readonly computeMs: number;
  readonly status: number;
}

let server: Server;
let base = "";
let seen: Seen[] = [];

beforeAll(async () => {
  server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  writeFileSync(join(work, "texts.txt"), "one\nsecond text\na third one\nfour\n");
  mkdirSync(join(work, "frames"));
  for (const [index, frame] of FRAMES.entries()) writeFileSync(join(work, "frames", `${index}.png`), frame);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(work, { recursive: true, force: true });
});

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const arrivedMs = performance.now();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const path = request.url ?? "";
  const count = seen.filter((one) => one.path === path).length;
  // Of the outcomes, the first is for the request before the first cell.
  const status =
    path === "/outcomes" ? ([200, 200, 429, 302, 500, 0][count === 0 ? 0 : 1 + (count % 5)] ?? 200) : 200;
  const computeMs = 1 + (count % 7) / 10;
  seen.push({ path, body, arrivedMs, units: body.length, computeMs, status });
  if (status === 0) return void request.socket.destroy();
  const headers = { 429: { "retry-after": "2" }, 302: { location: "/elsewhere" } }[status] ?? {};
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(
    JSON.stringify(path === "/blur" ? blurred(body, count) : { ms: computeMs, size: body.length }),
  );
}

/** A blurred face as the face blur reports it; in every third response the face is as it was. */
function blurred(body: Buffer, count: number) {
  const frame = Buffer.from(body.toString("latin1"), "base64");
  const picture =
    count % 3 === 1
      ? frame
      : greyPng(
          FRAMES.findIndex((one) => one.equals(frame)),
          90,
        );
  return {
    ...{ image: picture.toString("base64"), format: "png", width: SIZE, height: SIZE, backend: "none" },
    ...{ faces: [{ x: 0, y: 0, width: 16, height: 16 }], mlSeconds: 0.01, totalSeconds: 0.02 },
  };
}

/** A grey square whose first 16 × 16 pixels, the face, have another grey. */
function greyPng(grey: number, face: number): Buffer {
  const rows = Array.from({ length: SIZE }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: SIZE }, (_, x) => (x < 16 && y < 16 ? face : grey))]),
  );
  const chunk = (type: string, data: Buffer) => {
    const typed = Buffer.concat([Buffer.from(type), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(typed), 4);
    return Buffer.concat([ends.subarray(0, 4), typed, ends.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIZE, 0);
  head.writeUInt32BE(SIZE, 4);
  head[8] = 8; // bits, of grey
  const chunks = [
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), ...chunks]);
}
const SIZE = 64;
/** By their grey. */
const FRAMES = [greyPng(0, 200), greyPng(1, 200)];

/** Runs an experiment; returns the journals' rows, what the server saw of its cells, and its first cell's summary. */
async function measure(name: string, path: string, blocks: string, load: string) {
  seen = [];
  writeFileSync(
    join(work, `${name}.yaml`),
    `name: ${name}\nfunction: "${base}${path}"\n${blocks}load: {${load}, repetitions: 1}\n`,
  );
  const { code, output } = await runSlbench(["run", `${name}.yaml`], work);
  const folder = resultOf(work, name);
  const rows = journalRows(folder);
  // Probes come before the first cell.
  const counted = seen.filter((one) => one.path === path).slice(-rows.length);
  const probes = seen.length - rows.length;
  const whole = await runSlbench(["analyze", folder, "--part", "whole", "--json"], work);
  const summary = JSON.parse(whole.output.slice(whole.output.indexOf("{\n"))).cells[0];
  return { code, output, rows, counted, probes, summary };
}

const sum = (values: readonly (number | undefined)[]) =>
  values.reduce<number>((total, value) => total + (value ?? Number.NaN), 0);
const tally = (values: readonly unknown[]) => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
};
const LINES = `request: {lines: texts.txt, contentType: application/json, order: per-user, body: '{"text": \${text}, "user": "\${user}"}'}
response:
  valid: {status: 200, json: {/size: present}}
  times: {computeSeconds: {json: /ms, unit: ms}}
  units: {json: /size, name: bytes}
`;
/** Requests that a run may send before its first cell. */
const MAX_PROBES = 20;

describe.skipIf(process.platform !== "linux")("figures against a counting server", () => {
  test("closed loop, drawn think times, an order per user: every request, byte, time and pause", async () => {
    const load = "users: 3, requestsPerUser: 20, thinkTimeSeconds: exponential:0.1, start: together";
    const { rows, counted, probes, summary, code } = await measure("closed", "/closed", LINES, load);
    expect(code).toBe(0);
    expect(rows).toHaveLength(60);
    expect(probes).toBeGreaterThan(0);
    expect(probes).toBeLessThan(MAX_PROBES);
    expect(sum(rows.map((row) => row.units))).toBe(sum(counted.map((one) => one.units)));
    expect(sum(rows.map((row) => row.sentBytes))).toBe(sum(counted.map((one) => one.units)));
    const reported = sum(rows.map((row) => row.times?.computeSeconds));
    expect(reported).toBeCloseTo(sum(counted.map((one) => one.computeMs)) / 1000, 9);
    expect(summary.requests).toMatchObject({ sent: 60, successful: 60 });
    expect(summary.units.total).toBe(sum(counted.map((one) => one.units)));
    const bodies = counted.map(
      ({ body }) => JSON.parse(body.toString("utf8")) as { text: string; user: string },
    );
    const users = [...new Set(bodies.map(({ user }) => user))];
    // Each user sends every payload equally often, and no two send in the same order.
    const orders = users.map((name) => bodies.flatMap(({ user, text }) => (user === name ? [text] : [])));
    for (const order of orders) expect(Object.values(tally(order))).toEqual([5, 5, 5, 5]);
    expect(new Set(orders.map(String)).size).toBe(users.length);
    expect(users).toHaveLength(3);
    // From the first arrival to the last one, which is nearly all think time.
    const arrivals = counted.map(({ arrivedMs }) => arrivedMs);
    const starts = rows.map(({ startEpochMicros }) => startEpochMicros / 1000);
    const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
    expect(Math.abs(span(starts) - span(arrivals))).toBeLessThan(0.01 * span(arrivals) + BUSY_MS);
  }, 180_000);

  test("open loop: every arrival of a Poisson process, over both workers", async () => {
    const load = "arrivals: {ratePerSecond: 15, process: poisson}, durationSeconds: 4";
    const { rows, counted, summary, code } = await measure("open", "/open", LINES, load);
    expect(code).toBe(0);
    expect(rows.length).toBeGreaterThan(25);
    expect(counted).toHaveLength(rows.length);
    expect(summary.requests.sent).toBe(rows.length);
    expect(summary.units.total).toBe(sum(counted.map((one) => one.units)));
    const starts = rows.map(({ startEpochMicros }) => startEpochMicros / 1e6).toSorted((a, b) => a - b);
    const span = (starts.at(-1) ?? 0) - (starts[0] ?? 0);
    const arrived = ((counted.at(-1)?.arrivedMs ?? 0) - (counted[0]?.arrivedMs ?? 0)) / 1000;
    expect(Math.abs(span - arrived)).toBeLessThan(0.01 * arrived + BUSY_MS / 1000);
  }, 180_000);

  test("forms: every file's bytes", async () => {
    const blocks = `request: {files: "frames/*.png", multipart: {field: picture, fields: {model: small}}}
response: {valid: {json: {/size: present}}, units: {json: /size, name: bytes}}
`;
    const { rows, counted, code } = await measure("form", "/form", blocks, "users: 2, requestsPerUser: 4");
    expect(code).toBe(0);
    expect(sum(rows.map((row) => row.units))).toBe(sum(counted.map((one) => one.body.length)));
    for (const file of FRAMES) expect(counted.filter(({ body }) => body.includes(file))).toHaveLength(4);
    for (const { body } of counted) expect(body.toString("latin1")).toMatch(/name="model"\r\n\r\nsmall\r\n/);
  }, 180_000);

  test("every outcome is counted once: no retry, no redirect followed", async () => {
    const { rows, counted, summary } = await measure(
      ...(["outcomes", "/outcomes", LINES, "users: 2, requestsPerUser: 15, start: together"] as const),
    );
    const names = { 200: "ok", 429: "throttled", 302: "redirect", 500: "http-error", 0: "connection-closed" };
    const wanted = tally(counted.map(({ status }) => names[status as keyof typeof names]));
    expect(rows).toHaveLength(30);
    expect(tally(rows.map(({ outcome }) => outcome))).toEqual(wanted);
    expect(Object.keys(wanted)).toHaveLength(5);
    expect(seen.filter(({ path }) => path === "/elsewhere")).toEqual([]);
    expect(rows.filter(({ retryAfterSeconds }) => retryAfterSeconds === 2)).toHaveLength(
      wanted.throttled ?? 0,
    );
    const { ok, ...failed } = wanted;
    expect(summary.requests).toMatchObject({ sent: 30, successful: ok });
    expect(summary.outcomes).toMatchObject(failed);
  }, 180_000);

  test("verify: every response whose face is not blurred", async () => {
    const blocks = "verify: true\nrequest: {frames: frames}\nresponse: {preset: slblur}\n";
    const { rows, counted } = await measure("verify", "/blur", blocks, "users: 2, requestsPerUser: 9");
    const all = seen.filter(({ path }) => path === "/blur");
    const wrong = all.flatMap((one, index) => (index % 3 === 1 && counted.includes(one) ? [one] : []));
    expect(wrong.length).toBe(6);
    expect(tally(rows.map(({ outcome }) => outcome))).toEqual({ ok: 12, "wrong-answer": 6 });
  }, 180_000);
});

/** What a busy machine takes from the first and the last request together. */
const BUSY_MS = 300;
