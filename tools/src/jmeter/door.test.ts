import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { renderPlan } from "@slbench/jmeter-plans";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Guard, startGuard } from "../process/guard.ts";
import { createAskPort } from "../workers/heartbeat.ts";
import { startController } from "./controller.ts";
import { findJMeter, type JMeter } from "./home.ts";
import { createKeys, type RmiKeys } from "./keys.ts";
import { type LocalWorker, startWorker } from "./worker.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-door-"));
let guard: Guard;
let jmeter: JMeter;
let keys: RmiKeys;
let otherKeys: RmiKeys;
let worker: LocalWorker;

beforeAll(async () => {
  guard = startGuard();
  jmeter = await findJMeter({ line: () => {}, warn: () => {} });
  [keys, otherKeys] = await Promise.all([createKeys(jmeter.keytool), createKeys(jmeter.keytool)]);
  for (const { folder } of [keys, otherKeys]) guard.watchFolder(folder);
  worker = await startWorker({ jmeter, keys, guard, logFolder: work, host: "127.0.0.1", index: 0, count: 1 });
}, 120_000);
afterAll(async () => {
  await guard.release();
  rmSync(work, { recursive: true, force: true });
});

test("the worker accepts only connections with its key", async () => {
  const ask = async (as: RmiKeys | undefined) => (await createAskPort(as))(worker.address, 5_000);
  expect(await ask(keys)).toBe("answers");
  expect(await ask(otherKeys)).toBe("other-key");
  expect(await ask(undefined)).toBe("other-key"); // plain RMI
});

test("the worker rejects TLS without a certificate", async () => {
  const port = Number(worker.address.split(":")[1]);
  const outcome = await new Promise<string>((done) => {
    const socket = connectTls({ port, rejectUnauthorized: false, maxVersion: "TLSv1.2" }, () =>
      done("let in"),
    );
    socket.on("error", (error) => done(error.message));
  });
  expect(outcome).toMatch(/certificate|handshake|closed|reset/i);
});

test("the worker listens on its own address only", async () => {
  const port = Number(worker.address.split(":")[1]);
  const outcome = await new Promise<string>((done) => {
    const socket = connect({ port, host: "127.0.0.2" }, () => done("open"));
    socket.on("error", (error: NodeJS.ErrnoException) => done(error.code ?? ""));
  });
  expect(outcome).toBe("ECONNREFUSED");
});

test("the worker runs no command of a controller with another key", async () => {
  const proof = join(work, "proof");
  const plan = join(work, "plan.jmx");
  writeFileSync(
    plan,
    renderPlan({
      ...{ name: "stranger", users: 1, thinkTime: "0", requestsPerUser: 1, startRatePerSecond: 1 },
      ...{ workers: 1, timeoutSeconds: 1, seed: 1, client: "/usr/bin/touch", request: proof },
      ...{ resultXml: join(work, "samples.xml"), resultCsv: join(work, "samples.csv") },
    }),
  );
  const options = { jmeter, guard, host: "127.0.0.1", plan, workers: [worker.address], logFolder: work };
  const controller = startController({ ...options, keys: otherKeys, resultXml: join(work, "samples.xml") });
  await controller.child.ended;
  const verdict = await controller.conclude();
  expect(verdict.complete).toBe(false);
  expect(verdict.problem).toMatch(/different keys/);
  expect(readFileSync(join(work, "worker-1.log"), "utf8")).not.toContain("Creating JMeter engine");
}, 60_000);

test("without TLS, the worker listens on its own address only", async () => {
  const options = { jmeter, guard, logFolder: work, host: "127.0.0.1", index: 1, count: 2 };
  const plain = await startWorker({ ...options, keys: undefined });
  const ask = await createAskPort(undefined);
  const port = plain.address.split(":")[1];
  expect(await ask(plain.address, 5_000)).toBe("answers");
  expect(await ask(`127.0.0.2:${port}`, 5_000)).toBe("refused");
  await plain.child.stop();
}, 30_000);

test("no command line contains the password", () => {
  const commandLine = readFileSync(`/proc/${worker.child.pid}/cmdline`, "latin1");
  expect(commandLine).toContain("TlsJMeter");
  expect(commandLine).not.toContain(keys.password);
});
