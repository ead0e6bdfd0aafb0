// biome-ignore-all lint/suspicious/noTemplateCurlyInString: JMeter's own syntax must arrive as text
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PlanOptions, renderPlan, usersOnWorker } from "@slbench/jmeter-plans";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startController } from "../jmeter/controller.ts";
import { findJMeter, type JMeter } from "../jmeter/home.ts";
import { createKeys, type RmiKeys } from "../jmeter/keys.ts";
import { type LocalWorker, startWorker } from "../jmeter/worker.ts";
import { type Guard, startGuard } from "../process/guard.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-users-test-"));
let jmeter: JMeter;
let guard: Guard;
let keys: RmiKeys;
let workers: readonly LocalWorker[];

beforeAll(async () => {
  const client = join(work, "client.sh");
  writeFileSync(client, `#!/bin/sh\nprintf '<%s>' "$@"\n`);
  chmodSync(client, 0o755);
  jmeter = await findJMeter();
  guard = startGuard();
  keys = await createKeys(jmeter.keytool);
  const start = (index: number) =>
    startWorker({ jmeter, keys, guard, logFolder: work, host: "127.0.0.1", index, count: 2 });
  workers = await Promise.all([start(0), start(1)]);
}, 120_000);

afterAll(async () => {
  await Promise.all((workers ?? []).map((worker) => worker.child.stop()));
  await guard?.release();
  if (keys !== undefined) rmSync(keys.folder, { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
});

interface Sample {
  readonly worker: number;
  /** When the user's turn was, as its worker computed it. */
  readonly turnMs: number;
  readonly startMs: number;
  readonly output: string;
}

/** Runs a plan on the two workers and gives its samples in the order of their turns. */
async function run(name: string, options: Partial<PlanOptions>): Promise<readonly Sample[]> {
  const folder = join(work, name);
  return runPlan(folder, { ...planOf(name, folder), ...options });
}

function planOf(name: string, folder: string): PlanOptions {
  return {
    ...{ name, users: 7, workers: 2, startRatePerSecond: 1, thinkTime: "0", requestsPerUser: 3 },
    ...{ request: "/request.json", payloads: work, timeoutSeconds: 5, seed: 1 },
    client: join(work, "client.sh"),
    ...{ resultXml: join(folder, "samples.xml"), resultCsv: join(folder, "samples.csv") },
  };
}

async function runPlan(folder: string, plan: PlanOptions): Promise<readonly Sample[]> {
  mkdirSync(folder);
  writeFileSync(join(folder, "plan.jmx"), tellTurns(renderPlan(plan)));
  const addresses = workers.map((worker) => worker.address);
  const controller = startController({
    ...{ jmeter, keys, guard, host: "127.0.0.1", plan: join(folder, "plan.jmx"), workers: addresses },
    ...{ resultXml: plan.resultXml, logFolder: folder },
  });
  await controller.finished;
  expect((await controller.conclude()).problem).toBeUndefined();
  const xml = readFileSync(plan.resultXml, "utf8");
  const rows = readFileSync(plan.resultCsv, "utf8").trim().split("\n").slice(1);
  const samples = [
    ...xml.matchAll(/<sample [^>]*\bts="(\d+)"[^>]*\btn="([^"]*?)-Users [^"]*"[\s\S]*?<\/sample>/g),
  ]
    .map(([text, ts, thread]) => {
      const output = /<responseData[^>]*>([\s\S]*)<\/responseData>/.exec(text)?.[1] ?? "";
      const turn = /<--seed><(\d+)>/.exec(unescapeXml(output))?.[1];
      return { worker: addresses.indexOf(thread ?? ""), turnMs: Number(turn), startMs: Number(ts), output };
    })
    .sort((a, b) => a.turnMs - b.turnMs);
  // A busy machine starts users late, by any time, but never early. JMeter's two clocks differ by some ms.
  for (const { turnMs, startMs } of samples) expect(startMs).toBeGreaterThan(turnMs - 100);
  expect(rows.length).toBe(samples.length); // the CSV holds the same samples
  return samples;
}

/** Passes each client, as its seed, the moment for which the plan's timer waits: the worker's own result. */
function tellTurns(plan: string): string {
  const [, moment] =
    /"ConstantTimer\.delay">(\$\{__jexl3\(.*) - \$\{__time\(\)\}\)\.longValue/.exec(plan) ?? [];
  const told = plan.replace(">${seed}<", () => `>${moment}).longValue())}<`);
  expect(told).not.toBe(plan);
  return told;
}

test("one user on 2 workers is one user; text reaches its client unchanged", async () => {
  const payloads = "/no/${__time(,)}\\a, b & <c> \"d\" 'e' $${x} é漢";
  const samples = await run("text", { users: 1, payloads, journalFolder: "/j,${y}\\" });
  const [sample] = samples;
  expect(samples).toHaveLength(1);
  const output = unescapeXml(sample?.output ?? "");
  expect(output).toContain(`<--payloads><${payloads}>`);
  expect(output).toContain("<--journal></j,${y}\\/w1-u1.jsonl>");
}, 60_000);

test("7 users on 2 workers are 7 users: 4 and 3, alternately, at one common rate", async () => {
  const samples = await run("seven", { users: 7, startRatePerSecond: 1 });
  expect(samples.map((sample) => sample.worker)).toEqual([0, 1, 0, 1, 0, 1, 0]);
  expect([0, 1].map((worker) => samples.filter((sample) => sample.worker === worker).length)).toEqual(
    [0, 1].map((worker) => usersOnWorker(7, 2, worker)),
  );
  const [first] = samples;
  expect(samples.map((sample) => sample.turnMs - first!.turnMs)).toEqual([
    0, 1000, 2000, 3000, 4000, 5000, 6000,
  ]);
  expect(new Set(samples.map((sample) => /<--user><([^>]*)>/.exec(unescapeXml(sample.output))?.[1]))).toEqual(
    new Set(["w1-u1", "w1-u2", "w1-u3", "w1-u4", "w2-u1", "w2-u2", "w2-u3"]),
  );
}, 60_000);

test("2 clients share a rate and start together", async () => {
  const folder = join(work, "rate");
  const { startRatePerSecond: _, thinkTime: _think, ...bare } = planOf("rate", folder);
  const rate = { ...bare, users: 2, ratePerSecond: 5, process: "poisson" as const };
  const samples = await runPlan(folder, rate);
  expect(samples).toHaveLength(2);
  expect(samples[0]!.turnMs).toBe(samples[1]!.turnMs);
  for (const sample of samples) {
    const output = unescapeXml(sample.output);
    expect(output).toContain("<--rate><2.5><--process><poisson>");
    expect(output).not.toContain("--think-time");
  }
}, 60_000);

test("a plan for one worker starts no user on two", async () => {
  expect(await run("alone", { users: 7, workers: 1 })).toEqual([]);
}, 60_000);

function unescapeXml(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}
