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

/** A function that answers at once: what is tested here is everything around it. */
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.setHeader("X-Slbench-Backend", "none");
      response.setHeader("Content-Type", "application/json");
      const answer = { image: "AAAA", format: "jpeg", width: 1, height: 1, faces: [], backend: "none" };
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
}

function slbench(...args: readonly string[]): Started {
  const token = randomUUID();
  const child = spawn(process.execPath, ["--conditions=@slbench/source", main, ...args], {
    cwd: work,
    env: { ...process.env, SLBENCH_TEST_FAMILY: token },
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
    family: () => processesWithText(`SLBENCH_TEST_FAMILY=${token}`),
  };
}

function processesWithText(text: string): number {
  return readdirSync("/proc").filter((entry) => {
    try {
      return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/environ`, "latin1").includes(text);
    } catch {
      return false;
    }
  }).length;
}

function experiment(name: string, text: string): string {
  const file = join(work, `${name}.yaml`);
  writeFileSync(file, `name: ${name}\nfunction: {url: "${url}"}\n${text}`);
  return file;
}

function resultOf(name: string): string {
  return join(work, "results", readdirSync(join(work, "results")).find((entry) => entry.startsWith(name))!);
}

const json = (...path: readonly string[]) => JSON.parse(readFileSync(join(...path), "utf8"));

describe.skipIf(process.platform !== "linux")("slbench run", () => {
  test("runs two cells over two slaves, users being the total, and leaves no process", async () => {
    const file = experiment(
      "tiny",
      "framesPerClient: 3\nload: {users: [1, 3], thinkTimeSeconds: [0], startRatePerSecond: 4}\n",
    );
    const run = slbench("run", file);
    await run.said("[2/2]");
    expect(run.family()).toBeGreaterThanOrEqual(4); // itself, the guard, two slaves
    const { code, output } = await run.ended;
    expect(output).toContain("9 of 9 frames answered");
    expect(code).toBe(0);
    expect(run.family()).toBe(0);
    const folder = resultOf("tiny");
    expect(json(folder, "run.json")).toMatchObject({
      schema: "slbench.run/1",
      state: "complete",
      backend: "none",
    });
    expect(json(folder, "cells/u03-t0-r1/cell.json")).toMatchObject({ users: 3, state: "complete" });
    const csv = readFileSync(join(folder, "cells/u03-t0-r1/samples.csv"), "utf8");
    expect(csv.trim().split("\n")).toHaveLength(1 + 3);
    expect(readdirSync(join(folder, "cells/u03-t0-r1/journals")).sort()).toEqual([
      "s1-u1.jsonl",
      "s1-u2.jsonl",
      "s2-u1.jsonl",
    ]);
    const everything = readdirSync(folder, { recursive: true }).join("\n");
    expect(everything).not.toMatch(/\.p12|\.jks|rmi\.properties/); // keys are never in results
  }, 90_000);

  test("Ctrl-C keeps what was measured, ends everything and exits 130", async () => {
    const file = experiment(
      "long",
      "framesPerClient: 60\nload: {users: [2], thinkTimeSeconds: [1], startRatePerSecond: 4}\n",
    );
    const run = slbench("run", file);
    await run.said("[1/1]");
    await framesArrive("long");
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

  test("a killed slbench takes slaves, master, clients and keys with it", async () => {
    const file = experiment(
      "killed",
      "framesPerClient: 60\nload: {users: [2], thinkTimeSeconds: [1], startRatePerSecond: 4}\n",
    );
    const run = slbench("run", file);
    await run.said("[1/1]");
    await framesArrive("killed");
    process.kill(run.pid, "SIGKILL");
    await run.ended;
    await expect.poll(() => run.family(), { timeout: 10_000 }).toBe(0);
  }, 90_000);
});

/** Clients are at work as soon as a journal has two frames. */
async function framesArrive(name: string): Promise<void> {
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
