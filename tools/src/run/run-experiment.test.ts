import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "slbench-run-test-"));
let server: Server;
let url = "";
let asked = 0;

/** A function that answers at once: what is tested here is everything around it. */
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on("end", () => {
      // Valid for the request that the run sends before its first cell.
      if (request.url === "/changes" && ++asked > 1) return response.end('{"label": "cat", "score": 0.93}');
      response.setHeader("X-Slbench-Backend", "none");
      response.setHeader("Content-Type", "application/json");
      const answer = { image: "/9j/AAAA", format: "jpeg", width: 1, height: 1, faces: [], backend: "none" };
      response.end(JSON.stringify({ ...answer, mlSeconds: 0.01, totalSeconds: 0.02 }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/function/slblur`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(work, { recursive: true, force: true });
});

interface Started {
  readonly pid: number;
  readonly ended: Promise<{ code: number | null; output: string }>;
  /** Resolves when a line of output holds the text. */
  said(text: string): Promise<void>;
  /** Processes that descend from it, itself included, however they left its group. */
  family(): number;
  /** Those of them whose command line holds the text. */
  pids(text: string): readonly number[];
}

function slbench(...args: readonly string[]): Started {
  const token = randomUUID();
  const child = spawn(process.execPath, ["--conditions=@slbench/source", main, ...args], {
    cwd: work,
    env: { ...process.env, SLBENCH_TEST_FAMILY: token, SLBENCH_PORT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const waiting: { text: string; done: () => void }[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      for (const { text, done } of waiting) if (output.includes(text)) done();
    });
  }
  return {
    pid: child.pid!,
    ended: new Promise((done) => child.once("close", (code) => done({ code, output }))),
    said: (text) =>
      new Promise((done) => {
        waiting.push({ text, done });
        if (output.includes(text)) done();
      }),
    family: () => processesWith(token).length,
    pids: (text) =>
      processesWith(token).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(text)),
  };
}

function processesWith(token: string): readonly number[] {
  return readdirSync("/proc")
    .filter((entry) => {
      try {
        const environment = readFileSync(`/proc/${entry}/environ`, "latin1");
        return /^\d+$/.test(entry) && environment.includes(`SLBENCH_TEST_FAMILY=${token}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

function experiment(name: string, text: string, target = `{url: "${url}"}`): string {
  const file = join(work, `${name}.yaml`);
  writeFileSync(file, `name: ${name}\nfunction: ${target}\nresponse: {preset: slblur}\n${text}`);
  return file;
}

function resultOf(name: string): string {
  return join(work, "results", readdirSync(join(work, "results")).find((entry) => entry.startsWith(name))!);
}

const json = (...path: readonly string[]) => JSON.parse(readFileSync(join(...path), "utf8"));

describe.skipIf(process.platform !== "linux")("slbench run", () => {
  test("runs two cells over two workers, users being the total, and leaves no process", async () => {
    const file = experiment(
      "tiny",
      "load: {repetitions: 1, requestsPerUser: 3, users: [1, 3], thinkTimeSeconds: [0], start: 4/s, order: as-written}\n",
      "{url: local, backend: none}",
    );
    const run = slbench("run", file);
    await run.said("[2/2]");
    expect(run.family()).toBeGreaterThanOrEqual(4); // itself, the guard, two workers
    const { code, output } = await run.ended;
    expect(output).toContain("9 of 9 requests successful");
    // Three users a quarter of a second apart, with three fast requests each, never meet.
    const warned = output.indexOf("WARNING LOAD_NOT_REACHED: in 1 of 2 conditions");
    expect(warned).toBeGreaterThan(-1);
    expect(warned).toBeLessThan(output.indexOf("[1/2]"));
    expect(code).toBe(0);
    expect(run.family()).toBe(0);
    const folder = resultOf("tiny");
    expect(json(folder, "run.json")).toMatchObject({
      schema: "slbench.run/2",
      state: "complete",
      backend: "none",
      start: "4/s",
      expectedLoad: {
        conditions: [
          { users: 1, isTogether: true, meanActiveUsers: 1 },
          { users: 3, isTogether: false },
        ],
      },
      warnings: [{ code: "LOAD_NOT_REACHED" }],
    });
    expect(json(folder, "cells/u03-t0-r1/cell.json")).toMatchObject({
      users: 3,
      state: "complete",
      reconciliation: {
        samples: 3,
        reports: 3,
        journals: 3,
        reportedRequests: 9,
        journalRequests: 9,
        lost: [],
        gatewayRequests: 9,
      },
    });
    expect(json(folder, "summary.json").cells).toHaveLength(2);
    const csv = readFileSync(join(folder, "cells/u03-t0-r1/samples.csv"), "utf8");
    expect(csv.trim().split("\n")).toHaveLength(1 + 3);
    expect(readdirSync(join(folder, "cells/u03-t0-r1/journals")).sort()).toEqual([
      "w1-u1.jsonl",
      "w1-u2.jsonl",
      "w2-u1.jsonl",
    ]);
    const everything = readdirSync(folder, { recursive: true }).join("\n");
    expect(everything).not.toMatch(/\.p12|\.jks|rmi\.properties/); // keys are never in results
  }, 90_000);

  test("stops after the first cell if every response is rejected, names the reason and exits 1", async () => {
    const target = `{url: "${new URL("/changes", url)}"}`;
    const load =
      "load: {repetitions: 1, requestsPerUser: 3, users: [1, 2], thinkTimeSeconds: [0], start: 4/s, order: as-written}\n";
    const file = experiment("rejected", load, target);
    const { code, output } = await slbench("run", file).ended;
    expect(output).toMatch(/^slbench: u01-t0-r1: all 3 requests were rejected: invalid-response \(.+\)$/m);
    expect(output).toContain("0/2 (invalid-response)"); // the first one is before the steady part
    expect(output).not.toContain("[2/2]");
    expect(code).toBe(1);
    const folder = resultOf("rejected");
    expect(json(folder, "run.json")).toMatchObject({
      state: "incomplete",
      cells: [{ state: "failed" }, { state: "planned" }],
    });
    expect(json(folder, "cells/u01-t0-r1/cell.json").rejection.reason).toBe("invalid-response");
    const report = readFileSync(join(folder, "report.html"), "utf8");
    expect(report).toContain("every request of 1 user was rejected</b>: invalid-response");
    expect(report).not.toContain("does not even serve");
  }, 90_000);

  test("Ctrl-C keeps what was measured, ends everything and exits 130", async () => {
    const file = experiment(
      "long",
      "load: {repetitions: 1, requestsPerUser: 60, users: [2], thinkTimeSeconds: [1], start: 4/s}\n",
    );
    const run = slbench("run", file);
    await run.said("[1/1]");
    await requestsArrive("long");
    process.kill(run.pid, "SIGINT");
    const { code } = await run.ended;
    expect(code).toBe(130);
    expect(run.family()).toBe(0);
    const folder = resultOf("long");
    expect(json(folder, "run.json").state).toBe("interrupted");
    const xml = readFileSync(join(folder, "cells/u02-t1-r1/samples.xml"), "utf8");
    expect(xml).toMatch(/<\/testResults>\s*$/);
    expect(xml.match(/<sample /g)).toHaveLength(2); // both clients handed in what they had
  }, 90_000);

  test("a killed worker is reported with its losses, exit 3; --resume repeats the cell", async () => {
    const file = experiment(
      "lossy",
      "load: {repetitions: 1, requestsPerUser: 25, users: [2], thinkTimeSeconds: [0.4], start: 4/s}\n",
    );
    const run = slbench("run", file);
    await run.said("[1/1]");
    await requestsArrive("lossy");
    const [worker] = run.pids("slbench.worker.index=1");
    const killed = performance.now();
    process.kill(worker!, "SIGKILL");
    const { code, output } = await run.ended;
    expect(performance.now() - killed).toBeLessThan(30_000);
    expect(output).toMatch(/127\.0\.0\.1:\d+: 1 of 1 user, \d+ requests? lost \(\d+ recovered/);
    expect(code).toBe(3);
    expect(run.family()).toBe(0);
    const folder = resultOf("lossy");
    const cell = join(folder, "cells/u02-t0_4-r1");
    expect(json(cell, "cell.json")).toMatchObject({ state: "incomplete", recoveredClients: 1 });
    expect(json(cell, "cell.json").endedAfterAlarmSeconds).toBeLessThan(30);
    expect(readFileSync(join(cell, "samples.xml"), "utf8")).toMatch(/<\/testResults>\s*$/);
    expect(JSON.parse(readFileSync(join(cell, "recovered.jsonl"), "utf8"))).toMatchObject({ user: "w2-u1" });

    const resumed = await slbench("run", "--resume", folder).ended;
    expect(resumed.output).toContain("50 of 50 requests successful");
    expect(resumed.code).toBe(0);
    expect(json(folder, "run.json").state).toBe("complete");
    expect(readdirSync(join(folder, "torn"))).toHaveLength(1);
    expect(readdirSync(join(folder, "cells"))).toEqual(["u02-t0_4-r1"]);
  }, 120_000);

  test("a killed controller leaves an incomplete cell, its clients' requests in journals, and no process", async () => {
    const file = experiment(
      "headless",
      "load: {repetitions: 1, requestsPerUser: 60, users: [2], thinkTimeSeconds: [1], start: 4/s}\n",
    );
    const run = slbench("run", file);
    await run.said("[1/1]");
    await requestsArrive("headless");
    process.kill(run.pids("plan.jmx")[0]!, "SIGKILL");
    const { code } = await run.ended;
    expect(code).toBe(3);
    expect(run.family()).toBe(0);
    expect(json(resultOf("headless"), "cells/u02-t1-r1/cell.json")).toMatchObject({
      state: "incomplete",
      recoveredClients: 2,
    });
  }, 90_000);

  test("a killed slbench takes workers, controller, clients and keys with it", async () => {
    const file = experiment(
      "killed",
      "load: {repetitions: 1, requestsPerUser: 60, users: [2], thinkTimeSeconds: [1], start: 4/s}\n",
    );
    const run = slbench("run", file);
    await run.said("[1/1]");
    await requestsArrive("killed");
    process.kill(run.pid, "SIGKILL");
    await run.ended;
    await expect.poll(() => run.family(), { timeout: 10_000 }).toBe(0);
  }, 90_000);
});

/** Clients are at work as soon as a journal has two requests. */
async function requestsArrive(name: string): Promise<void> {
  await expect
    .poll(
      () =>
        readdirSync(resultOf(name), { recursive: true })
          .map(String)
          .filter((entry) => entry.endsWith(".jsonl"))
          .map((entry) => readFileSync(join(resultOf(name), entry), "utf8"))
          .filter((text) => text.includes('"sequence":2')).length,
      { timeout: 30_000, interval: 200 },
    )
    .toBe(2);
}
