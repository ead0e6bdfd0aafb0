// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are literal text here
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { type AnyFunction, startAnyFunction } from "./testing/any-function.ts";
import { RUNTIMES, startClient } from "./testing/processes.ts";
import { writeSpec } from "./testing/request-file.ts";

const root = mkdtempSync(join(tmpdir(), "slbench-any-function-"));
const folder = mkdtempSync(join(root, "payloads-"));
for (const [name, text] of Object.entries({
  "a-1.txt": "one",
  "a-2.txt": "two",
  "a-10.wav": "RIFF",
  ".hidden": "x",
}))
  writeFileSync(join(folder, name), text);
const lines = join(root, "prompts.txt");
writeFileSync(lines, 'say "hi"\r\n\nsecond\nthird');

let server: AnyFunction;
beforeAll(async () => {
  server = await startAnyFunction();
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

describe.each(RUNTIMES)("any function under $name", { timeout: 60_000 }, (runtime) => {
  const run = (path: string, spec: object, args: readonly string[], env: Record<string, string> = {}) => {
    const request = writeSpec({ url: path.startsWith("http") ? path : `${server.origin}${path}`, ...spec });
    return startClient(runtime, ["--request", request, ...args], { env }).finished;
  };
  const since = (count: number) => server.received.slice(count);

  it("sends files of any kind and reads what the specification names", async () => {
    const before = server.received.length;
    const response = {
      valid: { json: { "/label": "present" } },
      times: { mlSeconds: { json: "/ms", unit: "ms" }, queueSeconds: { serverTiming: "queue" } },
      ...{ replica: { header: "x-instance" }, units: { json: "/length", name: "bytes" } },
    };
    const { report, exitCode, stderr } = await run("/label", { response }, ["--payloads", folder]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(report).toMatchObject({ plannedRequests: 3, unitsName: "bytes" });
    expect(report).not.toHaveProperty("form");
    expect(report?.requests).toMatchObject([
      {
        payload: "a-1.txt",
        outcome: "ok",
        mlSeconds: 0.0125,
        times: { queueSeconds: 0.25 },
        replica: "r7",
        units: 3,
      },
      { payload: "a-2.txt", outcome: "ok", units: 3 },
      { payload: "a-10.wav", outcome: "ok", units: 4 },
    ]);
    expect(since(before).map(({ headers }) => headers["content-type"])).toEqual([
      ...["text/plain", "text/plain", "audio/wav"],
    ]);
  });

  it("sends lines through a template, with the user's name and the sequence", async () => {
    const before = server.received.length;
    const spec = {
      payloads: "lines",
      body: '{"prompt": ${text}, "n": ${sequence}, "u": "${user}", "id": "${uuid}"}',
    };
    const { report } = await run("/label", spec, ["--payloads", lines, "--user", "w1-u1", "--count", "4"]);
    expect(report?.requests.map(({ payload }) => payload)).toEqual(["line-1", "line-3", "line-4", "line-1"]);
    const sent = since(before).map(({ body }) => JSON.parse(body));
    expect(sent.map(({ prompt, n, u }) => [prompt, n, u])).toEqual([
      ['say "hi"', 1, "w1-u1"],
      ["second", 2, "w1-u1"],
      ["third", 3, "w1-u1"],
      ['say "hi"', 4, "w1-u1"],
    ]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(4);
  });

  it("sends GET requests without payloads, and forms", async () => {
    const before = server.received.length;
    await run("/label", { method: "GET", payloads: "none" }, ["--count", "2"]);
    await run("/label", { multipart: { field: "file", fields: { model: "m" } } }, [
      "--payloads",
      folder,
      "--count",
      "1",
    ]);
    const [get, , form] = since(before);
    expect([get?.body, get?.headers["content-length"]]).toEqual(["", undefined]);
    expect(form?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(form?.body).toMatch(
      /name="model"\r\n\r\nm\r\n.*name="file"; filename="a-1\.txt"\r\n.*\r\n\r\none\r\n--/s,
    );
  });

  it("sends each user's payloads in an order of their own", async () => {
    const many = join(root, `${runtime.name}-many.txt`);
    writeFileSync(many, Array.from({ length: 30 }, (_, index) => `p${index}`).join("\n"));
    const orderOf = async (user: string) => {
      const spec = { payloads: "lines", order: "per-user" };
      const { report } = await run("/label", spec, ["--payloads", many, "--user", user]);
      expect(report?.seed).toBe(1);
      return report?.requests.map(({ payload }) => payload) ?? [];
    };
    const [one, again, other] = [await orderOf("u1"), await orderOf("u1"), await orderOf("u2")];
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    expect(one.toSorted()).toEqual(other.toSorted());
  });

  it("takes headers from the environment and writes their values nowhere", async () => {
    const spec = { payloads: "none", headers: { Authorization: "Bearer ${env:SLBENCH_TEST_TOKEN}" } };
    const journal = join(root, `${runtime.name}-secret.jsonl`);
    const output = join(root, `${runtime.name}-secret`);
    const args = ["--journal", journal, "--output", output];
    const good = await run("/echo-headers", spec, args, { SLBENCH_TEST_TOKEN: "t0k3n-secret" });
    expect(good.report?.requests).toMatchObject([{ outcome: "ok" }]);
    const wrong = await run("/echo-headers", spec, ["--journal", journal], {
      SLBENCH_TEST_TOKEN: "wr0ng-secret",
    });
    expect(wrong.report?.requests).toMatchObject([
      { outcome: "http-error", message: 'HTTP 401: {"seen":"Bearer ***"}' },
    ]);
    const saved = readFileSync(join(output, readdirSync(output)[0] as string), "utf8");
    expect(saved).toBe('{"seen":"Bearer ***"}');
    const everything = [good.stdout, good.stderr, wrong.stdout, wrong.stderr, readFileSync(journal, "utf8")];
    expect(everything.join("")).not.toMatch(/t0k3n|wr0ng/);
    const absent = await run("/echo-headers", spec, []);
    expect(absent.exitCode).toBe(1);
    expect(absent.stderr).toBe(
      "slbench-client: the environment variable SLBENCH_TEST_TOKEN for the header Authorization is not set\n" +
        "  Next: set SLBENCH_TEST_TOKEN where the client runs\n",
    );
  });

  test.each([
    ["/throttled", { outcome: "throttled", retryAfterSeconds: 2 }],
    ["/redirect", { outcome: "redirect", message: "HTTP 307 to /label" }],
    [
      "/gigabyte",
      { outcome: "invalid-response", message: /1000000000 bytes, more than the limit of 64 MiB/ },
    ],
    ["/endless", { outcome: "invalid-response", message: /more than the limit of 64 MiB/ }],
  ] as [string, { outcome: string; retryAfterSeconds?: number; message?: string | RegExp }][])(
    "reports %s, and closes its connection",
    async (path, { message = "", ...row }) => {
      const { report, exitCode } = await run(path, { payloads: "none" }, []);
      expect(exitCode).toBe(0);
      expect(report?.requests).toMatchObject([row]);
      expect(report?.requests[0]?.message).toMatch(message);
      await expect.poll(() => server.open()).toBe(0);
      if (path === "/gigabyte" || path === "/endless") expect(server.sentBytes()).toBeLessThan(200e6);
    },
  );

  it("ends a stream that never ends at the time limit", async () => {
    const spec = { payloads: "none", timeoutSeconds: 0.3, response: { stream: "sse" } };
    const { report } = await run("/endless-stream", spec, []);
    expect(report?.requests).toMatchObject([{ outcome: "timeout", status: 200 }]);
    await expect.poll(() => server.open()).toBe(0);
  });

  test.each(["sse", "lines", "chunks"] as const)(
    "times the events of %s by their arrival",
    async (stream) => {
      const units = { json: "/usage/tokens", name: "tokens" };
      const { report } = await run(`/${stream}`, { payloads: "none", response: { stream, units } }, []);
      const [row] = report?.requests ?? [];
      expect(report).toMatchObject({ stream, unitsName: "tokens" });
      expect(row).toMatchObject({ outcome: "ok", events: 6, units: 11 });
      const {
        startEpochMicros = 0,
        firstEventSeconds = 0,
        longestGapSeconds = 0,
        secondsPerUnit = 0,
      } = row ?? {};
      const [first = 0] = server.written;
      const last = server.written.at(-1) ?? 0;
      // No event arrives before it is written; the clocks of two processes may differ by some milliseconds.
      expect(startEpochMicros / 1000 + firstEventSeconds * 1000).toBeGreaterThan(first - 20);
      expect(firstEventSeconds).toBeLessThan(row?.roundTripSeconds ?? 0);
      expect(longestGapSeconds).toBeGreaterThan(0);
      expect(longestGapSeconds).toBeGreaterThanOrEqual((secondsPerUnit * 10) / 5 - 1e-5);
      expect(secondsPerUnit * 10).toBeLessThanOrEqual(
        (row?.roundTripSeconds ?? 0) - firstEventSeconds + 1e-5,
      );
      expect(secondsPerUnit * 10).toBeGreaterThan(0);
      expect(last).toBeGreaterThan(first);
    },
  );

  it("compares responses with a folder of expected ones", async () => {
    const expected = mkdtempSync(join(root, "expected-"));
    const body = (length: number) => JSON.stringify({ length, ms: 12.5, label: "cat" });
    writeFileSync(join(expected, "a-1.json"), body(3));
    writeFileSync(join(expected, "a-2.txt"), body(4));
    const spec = { response: { valid: { expected } } };
    const missing = await run("/label", spec, ["--payloads", folder]);
    expect([missing.exitCode, missing.stderr.split("\n")[0]]).toEqual([
      1,
      `slbench-client: no expected response for a-10.wav in ${expected}`,
    ]);
    writeFileSync(join(expected, "a-10.wav"), body(4));
    const { report } = await run("/label", spec, ["--payloads", folder]);
    expect(report?.requests.map(({ outcome }) => outcome)).toEqual(["ok", "invalid-response", "ok"]);
  });

  it("saves a share of the response bodies, and names sources that no response has", async () => {
    const output = join(root, `${runtime.name}-saved`);
    const spec = {
      payloads: "none",
      response: { save: 0.5, times: { mlSeconds: { json: "/inference_ms" } } },
    };
    const { report, stderr } = await run("/label", spec, ["--count", "40", "--output", output]);
    const saved = readdirSync(output);
    expect(saved.length).toBeGreaterThan(8);
    expect(saved.length).toBeLessThan(32);
    expect(saved.every((name) => /^response-000\d\d\.json$/.test(name))).toBe(true);
    expect(report?.requests).toHaveLength(40);
    expect(stderr).toMatch(
      /^slbench-client: no response of 40 requests has times\.mlSeconds \(\/inference_ms\)\n/,
    );
  });

  it("starts requests for a duration, in a closed loop and with Poisson arrivals", async () => {
    const spec = { payloads: "none" };
    const closed = await run("/label", spec, ["--duration", "0.4", "--think-time", "0.05"]);
    const { requests = [], plannedRequests, durationSeconds, cutShort } = closed.report ?? {};
    expect([plannedRequests, durationSeconds, cutShort]).toEqual([requests.length, 0.4, undefined]);
    expect(requests.length).toBeGreaterThan(0);
    const starts = requests.map(({ startMonotonicSeconds }) => startMonotonicSeconds);
    expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeLessThan(0.4);
    const open = await run("/label", spec, [
      "--duration",
      "0.5",
      "--rate",
      "40",
      "--process",
      "poisson",
      "--seed",
      "3",
    ]);
    expect(open.report).toMatchObject({ process: "poisson", seed: 3, ratePerSecond: 40 });
    expect(open.report?.requests.length).toBe(open.report?.plannedRequests);
  });

  it("accepts a certificate of the given authority, any with insecure, and no other", async () => {
    const names = [{ type: 7 as const, ip: "127.0.0.1" }];
    const how = { keyType: "ec", algorithm: "sha256" } as const;
    const own = await generate([{ name: "commonName", value: "slbench test" }], {
      ...how,
      extensions: [
        { name: "basicConstraints", cA: true },
        { name: "subjectAltName", altNames: names },
      ],
    });
    const secure = createTlsServer({ key: own.private, cert: own.cert }, (request, response) => {
      request.resume().on("end", () => response.end("{}"));
    });
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    const url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/`;
    const outcome = async (tls: object) => {
      const { report } = await run(url, { payloads: "none", tls }, []);
      return report?.requests[0]?.outcome;
    };
    const outcomes = [await outcome({ ca: own.cert }), await outcome({ insecure: true }), await outcome({})];
    secure.closeAllConnections();
    await new Promise((resolve) => secure.close(resolve));
    expect(outcomes).toEqual(["ok", "ok", "connect-error"]);
  });

  test.each([
    ["no specification", ["--request", join(root, "none.json")], 1, /cannot read --request/],
    ["a folder as specification", ["--request", root], 1, /it is not a file/],
    ["no payloads", ["--request", writeSpec({ url: "http://127.0.0.1:9/" })], 2, /--payloads is missing/],
    [
      "lines that are a folder",
      ["--request", writeSpec({ url: "http://127.0.0.1:9/", payloads: "lines" }), "--payloads", root],
      1,
      /cannot read the lines/,
    ],
    [
      "--verify of another function",
      ["--request", writeSpec({ url: "http://127.0.0.1:9/" }), "--payloads", folder, "--verify"],
      2,
      /--verify needs response\.form/,
    ],
    [
      "an unknown placeholder",
      ["--request", writeSpec({ url: "http://127.0.0.1:9/", body: "${image}" }), "--payloads", folder],
      1,
      /unknown placeholder \$\{image\}/,
    ],
  ])("rejects %s in one sentence", async (_name, args, exitCode, message) => {
    const finished = await startClient(runtime, args as readonly string[]).finished;
    expect([finished.exitCode, finished.stdout]).toEqual([exitCode, ""]);
    expect(finished.stderr).toMatch(message);
    expect(finished.stderr).toMatch(/^slbench-client: .*\n {2}Next: .*\n$/);
  });
});
