import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawPicture, paint, toJpeg } from "./testing/pictures.ts";
import { type Finished, RUNTIMES, startClient } from "./testing/processes.ts";
import { slblurArgs } from "./testing/request-file.ts";
import { goodResponse, type ScenarioServer, startScenarioServer } from "./testing/scenario-server.ts";

const root = mkdtempSync(join(tmpdir(), "slbench-runtimes-"));
const frames = mkdtempSync(join(root, "frames-"));
for (const name of ["1.jpg", "2.jpg", "3.jpg"])
  writeFileSync(join(frames, name), toJpeg(drawPicture(640, 480)));
let server: ScenarioServer;
beforeAll(async () => {
  server = await startScenarioServer();
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const face = { x: 100, y: 100, width: 80, height: 90 };
const blurred = toJpeg(paint(drawPicture(640, 480), [face])).toString("base64");

describe.each(RUNTIMES)("the client under $name", { timeout: 60_000 }, (runtime) => {
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    startClient(runtime, args, { env }).finished;
  const requestOf = ({ report }: Finished) => report?.requests[0];

  it("sends its frames, prints its report and exits 0", async () => {
    const journal = join(root, `${runtime.name}.jsonl`);
    const args = [...slblurArgs(`${server.origin}/ok`, frames), "--user", "w1-u1", "--journal", journal];
    const { exitCode, stderr, report } = await run(args);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({
      user: "w1-u1",
      plannedRequests: 3,
      form: "slblur-json",
      preset: "slblur",
    });
    expect(report?.client.runtime).toMatch(new RegExp(`^${runtime.name} \\d`));
    expect(report?.requests.map(({ sequence, payload, outcome }) => [sequence, payload, outcome])).toEqual([
      [1, "1.jpg", "ok"],
      [2, "2.jpg", "ok"],
      [3, "3.jpg", "ok"],
    ]);
    const [first, second] = report?.requests ?? [];
    expect(first).toMatchObject({ status: 200, callId: "call-1", faces: 1, mlSeconds: 0.05, replica: "r1" });
    expect(second?.connectSeconds).toBe(0);
    for (const row of report?.requests ?? []) {
      const { connectSeconds = -1, sendSeconds = -1, waitSeconds = -1, receiveSeconds = -1 } = row;
      const sum = connectSeconds + sendSeconds + waitSeconds + receiveSeconds;
      expect(sum).toBeCloseTo(row.roundTripSeconds, 5);
      // the start agrees with the host's clock within the test's duration
      expect(Math.abs(row.startEpochMicros / 1e6 - Date.now() / 1000)).toBeLessThan(60);
    }
    const lines = readFileSync(journal, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ schema: "slbench.journal/2", user: "w1-u1" });
    expect(lines.slice(1, -1)).toEqual(report?.requests);
    expect(lines.at(-1)).toEqual({ end: true });
  });

  it("distinguishes every kind of failure, and exits 0", async () => {
    const outcomes = {
      "/never": "timeout",
      "/trickle": "timeout",
      "/close": "connection-closed",
      "/reset": "connection-closed",
      "/half": "connection-closed",
      "/half-chunked": "connection-closed",
      "/not-http": "invalid-response",
      "/garbage": "invalid-response",
      "/no-image": "invalid-response",
      "/no-picture": "invalid-response",
      "/empty": "invalid-response",
      "/watchdog-timeout": "http-error",
      "/busy": "throttled",
      "/elsewhere": "redirect",
      "/unknown-function": "http-error",
      "/chunked": "ok",
      "/until-close": "ok",
    };
    const found: Record<string, string | undefined> = {};
    for (const path of Object.keys(outcomes)) {
      const timeoutSeconds = path === "/never" || path === "/trickle" ? 0.2 : 20;
      const args = [...slblurArgs(`${server.origin}${path}`, frames, { timeoutSeconds }), "--count", "1"];
      const finished = await run(args);
      expect(finished.exitCode).toBe(0);
      found[path] = requestOf(finished)?.outcome;
    }
    expect(found).toEqual(outcomes);
  });

  it("reports an unreachable server as connect-error", async () => {
    const unused = await startScenarioServer();
    await unused.close();
    for (const url of [`${unused.origin}/ok`, "http://no-such-host.invalid/ok"]) {
      const finished = await run([...slblurArgs(url, frames), "--count", "1"]);
      expect(finished.exitCode).toBe(0);
      expect(requestOf(finished)).toMatchObject({ outcome: "connect-error" });
      expect(requestOf(finished)?.message).toMatch(/^no connection: .*(ECONNREFUSED|ENOTFOUND)/);
    }
  });

  it("reads the other formats and sends the other encoding", async () => {
    const text = await run([
      ...slblurArgs(`${server.origin}/text`, frames, { response: { form: "slblur-text", valid: {} } }),
      ...["--count", "1"],
    ]);
    expect(requestOf(text)).toMatchObject({ outcome: "ok", mlSeconds: 0.05, handlerSeconds: 0.06 });
    const response = { form: "slblur-image", valid: {} } as const;
    const image = await run([
      ...slblurArgs(`${server.origin}/image`, frames, { response, encode: "binary" }),
      ...["--count", "1"],
    ]);
    expect(requestOf(image)).toMatchObject({ outcome: "ok", faces: 2 });
    const { body, headers } = server.requests.at(-1) ?? {};
    expect(body?.equals(readFileSync(join(frames, "1.jpg")))).toBe(true);
    expect(headers).toMatchObject({ accept: "image/*", "content-type": "image/jpeg" });
  });

  it("verifies the responses and saves the pictures", async () => {
    const output = join(root, `${runtime.name}-output`);
    const good = await startResponding(JSON.stringify({ image: blurred, faces: [face] }));
    const args = ["--count", "2", "--verify", "--output", output];
    writeFileSync(join(frames, "manifest.json"), '{"videoFramesPerSecond":5}');
    const { report } = await run([...slblurArgs(good.origin, frames), ...args]);
    await good.close();
    expect(report?.requests.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
    expect(readdirSync(output)).toEqual(["cut-from.json", "frame-00001.jpg", "frame-00002.jpg"]);
    expect(readFileSync(join(output, "cut-from.json"), "utf8")).toBe('{"videoFramesPerSecond":5}');
    expect(readFileSync(join(output, "frame-00001.jpg")).toString("base64")).toBe(blurred);
    const { report: wrong } = await run([
      ...slblurArgs(`${server.origin}/ok`, frames),
      "--count",
      "1",
      "--verify",
    ]);
    expect(wrong?.requests[0]).toMatchObject({ outcome: "wrong-answer" });
    expect(wrong?.verified).toBe(true);
  });

  it("sends on schedule in an open loop", async () => {
    const args = slblurArgs(`${server.origin}/never`, frames, { timeoutSeconds: 1 });
    const { report } = await run([...args, "--count", "4", "--rate", "20"]);
    expect(report?.ratePerSecond).toBe(20);
    expect(report?.requests.map(({ outcome }) => outcome)).toEqual(Array(4).fill("timeout"));
    // all four started before the first ended: none waited for a response
    const [first, last] = [report?.requests[0], report?.requests[3]];
    const between = (last?.startMonotonicSeconds ?? 0) - (first?.startMonotonicSeconds ?? 0);
    expect(between).toBeLessThan(first?.roundTripSeconds ?? 0);
    for (const { lateSeconds } of report?.requests ?? []) expect(lateSeconds).toBeGreaterThanOrEqual(0);
  });

  it("accepts a TLS certificate only if a known authority signed it", async () => {
    const names = [
      { type: 2 as const, value: "localhost" },
      { type: 7 as const, ip: "127.0.0.1" },
    ];
    const authority = await generate([{ name: "commonName", value: "slbench test authority" }], {
      ...{ extensions: [{ name: "basicConstraints", cA: true }], keyType: "ec", algorithm: "sha256" },
    });
    const own = await generate([{ name: "commonName", value: "slbench test" }], {
      ca: { key: authority.private, cert: authority.cert },
      extensions: [{ name: "subjectAltName", altNames: names }],
      keyType: "ec",
      algorithm: "sha256",
    });
    const certificate = join(root, "certificate.pem");
    writeFileSync(certificate, authority.cert);
    const secure = createTlsServer({ key: own.private, cert: own.cert }, (request, response) => {
      request.resume().on("end", () => response.end(goodResponse()));
    });
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    const url = `https://localhost:${(secure.address() as AddressInfo).port}/`;
    const args = [...slblurArgs(url, frames), "--count", "2"];
    const trusted = await run(args, { NODE_EXTRA_CA_CERTS: certificate, DENO_CERT: certificate });
    const stranger = await run(args);
    secure.closeAllConnections();
    await new Promise((resolve) => secure.close(resolve));
    expect(trusted.report?.requests.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
    expect(trusted.report?.requests[1]?.connectSeconds).toBe(0);
    expect(stranger.report?.requests.map(({ outcome }) => outcome)).toEqual([
      "connect-error",
      "connect-error",
    ]);
  });

  it.skipIf(process.platform === "win32")("does not wait for a journal's reader", async () => {
    const pipe = join(root, `${runtime.name}.pipe`);
    execFileSync("mkfifo", [pipe]);
    const args = [...slblurArgs(`${server.origin}/ok`, frames), "--journal", pipe];
    const { exitCode, stderr } = await run(args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^slbench-client: cannot write the journal .*\n {2}Next: /);
  });

  it("exits 1 if it cannot run and 2 for wrong usage, with a message and a hint", async () => {
    const missing = await run(slblurArgs(`${server.origin}/ok`, join(root, "missing")));
    expect([missing.exitCode, missing.stdout]).toEqual([1, ""]);
    expect(missing.stderr).toMatch(
      /^slbench-client: cannot read the payloads folder .*\n {2}Next: give a folder/,
    );
    const address = await run(slblurArgs("function", frames));
    expect([address.exitCode, address.stderr.split("\n")[0]]).toEqual([
      1,
      'slbench-client: bad request specification: url is "function", not an http or https address',
    ]);
    const usage = await run(["--payload", frames]);
    expect([usage.exitCode, usage.stderr.split("\n")[0]]).toEqual([
      2,
      "slbench-client: unknown option --payload",
    ]);
    const onto = await run([...slblurArgs(`${server.origin}/ok`, frames), "--output", frames]);
    expect([onto.exitCode, onto.stdout]).toEqual([2, ""]);
    expect(onto.stderr).toMatch(/^slbench-client: --output and --payloads are the same folder.*\n {2}Next: /);
    const version = await run(["--version"]);
    expect(version.stdout).toMatch(
      new RegExp(`^slbench-client 0\\.1\\.0 \\(build sources, ${runtime.name} `),
    );
    expect(version.exitCode).toBe(0);
  });
});

/** A server with one fixed response. */
async function startResponding(body: string) {
  const { createServer } = await import("node:http");
  const one = createServer((request, response) => {
    request.resume().on("end", () => response.end(body));
  });
  await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(one.address() as AddressInfo).port}/`,
    close: () => {
      one.closeAllConnections();
      return new Promise((resolve) => one.close(resolve));
    },
  };
}
