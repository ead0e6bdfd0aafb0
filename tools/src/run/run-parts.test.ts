import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { readJob } from "../results/job.ts";
import { followJournals, followSamples } from "../results/journals.ts";
import { interleave } from "../results/order.ts";
import { createResultFolder, readRunRecord, timestampName } from "../results/result-folder.ts";
import { sshArguments } from "../workers/ssh.ts";
import { createProgress, duration } from "./progress.ts";

test("sshArguments() keeps a target from being read as an option", () => {
  expect(sshArguments({ sshTarget: "-Fevil" }).slice(-2)).toEqual(["--", "-Fevil"]);
});

const work = mkdtempSync(join(tmpdir(), "slbench-parts-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("interleave()", () => {
  const cellsOf = (conditions: number, repetitions: number) =>
    Array.from({ length: repetitions }, (_, repetition) =>
      Array.from({ length: conditions }, (_, users) => ({ users, repetition: repetition + 1 })),
    ).flat();

  test("runs every repetition's cells before the next one's, in an order that depends on the seed alone", () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 0, max: 1e9 }), (conditions, repetitions, seed) => {
        const cells = cellsOf(conditions, repetitions);
        const order = interleave(cells, seed);
        expect(order.map(({ repetition }) => repetition)).toEqual(cells.map(({ repetition }) => repetition));
        expect(new Set(order).size).toBe(cells.length);
        expect(interleave(cells, seed)).toEqual(order);
      }),
    );
  });

  test("draws another order for another seed, and for each repetition", () => {
    const order = (seed: number) => interleave(cellsOf(27, 2), seed).map(({ users }) => users);
    expect(order(1)).not.toEqual(order(2));
    expect(order(1).slice(0, 27)).not.toEqual(order(1).slice(27));
    expect(order(1).slice(0, 27)).not.toEqual(cellsOf(27, 1).map(({ users }) => users));
  });
});

describe("followJournals()", () => {
  test("counts new lines at any cut of the bytes", async () => {
    const folder = join(work, "journals");
    mkdirSync(folder);
    const count = followJournals(folder);
    expect(await count()).toEqual({
      started: 0,
      ended: 0,
      requests: 0,
      answered: 0,
      failures: {},
      starts: [],
    });
    const file = join(folder, "w1-u1.jsonl");
    const head = '{"schema":"slbench.journal/2","startedEpochMicros":1500000}';
    const starts = [{ worker: 1, user: 1, startedMs: 1500 }];
    writeFileSync(file, head.concat('\n{"sequence":1,"outcome":"ok"}\n{"sequen'));
    expect(await count()).toEqual({ started: 1, ended: 0, requests: 1, answered: 1, failures: {}, starts });
    appendFileSync(file, 'ce":2,"outcome":"timeout"}\n{"end":true,"unfinished":[{"sequence":3}]}\n');
    expect(await count()).toEqual({
      started: 1,
      ended: 1,
      requests: 2,
      answered: 1,
      failures: { timeout: 1 },
      starts,
    });
    expect(await count()).toEqual({
      started: 1,
      ended: 1,
      requests: 2,
      answered: 1,
      failures: { timeout: 1 },
      starts,
    });
  });
});

describe("followSamples()", () => {
  test("counts clients that have ended and their requests, from the reports in samples.xml", async () => {
    const file = join(work, "samples.xml");
    const count = followSamples(file);
    expect(await count()).toEqual({ ended: 0, requests: 0, answered: 0, failures: {} });
    const request = (outcome: string) =>
      `{&quot;sequence&quot;:1,&quot;outcome&quot;:&quot;${outcome}&quot;}`;
    writeFileSync(
      file,
      `<testResults>\n<sample t="1">\n${request("ok")},${request("timeout")},{&quot;sequence&quot;:3}\n</sample>\n<sam`,
    );
    expect(await count()).toEqual({ ended: 1, requests: 2, answered: 1, failures: { timeout: 1 } });
    appendFileSync(file, `ple t="1">\n${request("ok")}\n`);
    expect(await count()).toEqual({ ended: 2, requests: 3, answered: 2, failures: { timeout: 1 } });
  });
});

describe("createProgress()", () => {
  const condition = "4 users, think 1 s";
  const cell = { number: 2, cells: 3, users: 4, condition, plannedRequests: 40 };
  const counts = { started: 4, ended: 1, requests: 20, answered: 19, failures: { timeout: 1 } };
  test("writes a few plain lines without a terminal", () => {
    let now = 0;
    const written: string[] = [];
    const progress = createProgress({ write: (text) => written.push(text) }, undefined, () => now);
    progress.cellStarted({ ...cell, number: 1 });
    now = 60;
    progress.cellEnded({
      state: "complete",
      text: "40 of 40 requests successful",
      result: { sent: 40, successful: 40 },
    });
    progress.cellStarted(cell);
    for (now = 61; now < 81; now++) progress.update(counts);
    expect(written).toEqual([
      "[1/3] 4 users, think 1 s: started\n",
      "[1/3] 4 users, think 1 s: 40 of 40 requests successful (1 min 00 s)\n",
      "[2/3] 4 users, think 1 s: started\n",
      "[2/3] 4 users, think 1 s: 3 of 4 users active, 20/40 requests, 95.0% successful, about 1 min 15 s left\n",
    ]);
  });
  test("redraws one line within the terminal's width", () => {
    const written: string[] = [];
    const progress = createProgress({ write: (text) => written.push(text), isTTY: true, columns: 40 });
    progress.cellStarted(cell);
    progress.update(counts);
    expect(written).toHaveLength(1);
    expect(written[0]!.slice(4)).toMatch(/^\[2\/3\] 4 users/);
    expect(written[0]!.length).toBeLessThanOrEqual(4 + 39);
  });
  test.each([
    [5, "5 s"],
    [185, "3 min 05 s"],
    [7800, "2 h 10 min"],
  ])("duration(%d) is %s", (seconds, text) => expect(duration(seconds)).toBe(text));
});

describe("result folders", () => {
  test("get unique names from experiment and time", async () => {
    const now = new Date(2026, 0, 2, 3, 4, 5);
    expect(timestampName(now)).toBe("20260102-030405");
    expect(await createResultFolder(work, "x", now)).toBe(join(work, "x-20260102-030405"));
    expect(await createResultFolder(work, "x", now)).toBe(join(work, "x-20260102-030405-2"));
  });
  test("rejects a folder without a run", async () => {
    await expect(readRunRecord(work)).rejects.toMatchObject({ code: "FILE_NO_RESULT", exitCode: 2 });
    for (const name of ["../../../victim", "..", "/etc", "a/b", "", 7, null]) {
      const record = { schema: "slbench.run/2", cells: [{ name, state: "planned" }] };
      writeFileSync(join(work, "run.json"), JSON.stringify(record));
      await expect(readRunRecord(work)).rejects.toMatchObject({
        code: "FILE_NO_RESULT",
        message: expect.stringMatching(
          typeof name === "string" ? `has a cell named ${JSON.stringify(name)}` : `name is ${name}, not text`,
        ),
      });
    }
    rmSync(join(work, "run.json"));
  });
});

describe("readJob()", () => {
  test.each([
    ["no experiment", {}, "USAGE_NO_EXPERIMENT"],
    ["a missing file", { experimentFile: join(work, "no.yaml") }, "FILE_NO_EXPERIMENT"],
    ["a folder that is no result", { resume: work }, "FILE_NO_RESULT"],
  ])("rejects %s as wrong usage", async (_name, options, code) => {
    await expect(readJob(options)).rejects.toMatchObject({ code, exitCode: 2 });
  });

  test("names a folder that stands where the experiment file is expected", async () => {
    await expect(readJob({ experimentFile: work })).rejects.toMatchObject({
      code: "FILE_NO_EXPERIMENT",
      message: `${work} is a folder, not an experiment file`,
    });
  });

  test("rejects a wrong threshold of the experiment before the run", async () => {
    const experimentFile = join(work, "wrong-threshold.yaml");
    writeFileSync(experimentFile, "name: x\nload: {users: 2}\nthresholds: ['success>=0.99', 'p95<']\n");
    await expect(readJob({ experimentFile })).rejects.toMatchObject({
      code: "EXPRESSION_SYNTAX",
      message: expect.stringContaining("wrong-threshold.yaml: thresholds: found the end"),
      exitCode: 2,
    });
  });
});

describe("readJob() of a run that is resumed", () => {
  const resumed = async (name: string, load: string, recorded: object) => {
    const folder = join(work, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "experiment.yaml"), `name: x\nload: {${load}}\n`);
    const cell = { name: "u02-t1-r1", users: 2, thinkTimeSeconds: 1, repetition: 1, state: "planned" };
    const record = {
      ...{ schema: "slbench.run/2", experiment: "x", experimentFile: "x.yaml", requestsPerUser: 3 },
      ...{ started: "2026-11-02T10:00:00.000Z", order: "random", payloads: {}, versions: {}, hosts: [] },
      ...{ cells: [cell], warnings: [], ...recorded },
    };
    writeFileSync(join(folder, "run.json"), JSON.stringify(record));
    return (await readJob({ resume: folder })).experiment.load;
  };

  test.each([
    ["starts users as recorded", "users: 2", { start: "0.5/s" }, "0.5/s"],
    [
      "starts users as the file says if an older version recorded nothing",
      "users: 2, start: together",
      {},
      "together",
    ],
    ["starts users at the older default if neither says", "users: 2", {}, "0.25/s"],
  ])("%s", async (name, load, recorded, start) => {
    expect((await resumed(name.replaceAll(" ", "-"), load, recorded)).start).toBe(start);
  });
});

test("readJob() refuses a recorded start that is none", async () => {
  const folder = join(work, "starts-users-as-recorded");
  const file = join(folder, "run.json");
  writeFileSync(file, readFileSync(file, "utf8").replace("0.5/s", "soon"));
  await expect(readJob({ resume: folder })).rejects.toMatchObject({ code: "FILE_NO_RESULT", exitCode: 2 });
});

describe.skipIf(process.platform !== "linux")("the guard", () => {
  test("ends processes that left their group, and removes folders, when its owner is killed", async () => {
    const folder = join(work, "private");
    mkdirSync(folder);
    const pidFile = join(work, "pid");
    const script = fileURLToPath(new URL("../process/guard.ts", import.meta.url));
    // `setsid sleep` leaves every process group that we know of.
    const code = `
      import { spawn } from "node:child_process";
      import { startGuard } from ${JSON.stringify(script)};
      const guard = startGuard();
      guard.watchFolder(${JSON.stringify(folder)});
      const child = spawn("setsid", ["sh", "-c", "echo $$ > ${pidFile}; trap '' TERM; while :; do sleep 1; done"]);
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ["--input-type=module-typescript", "-e", code], {
      stdio: "inherit",
    });
    await expect
      .poll(() => existsSync(pidFile) && readFileSync(pidFile, "utf8").trim(), { timeout: 10_000 })
      .toBeTruthy();
    const pid = Number(readFileSync(pidFile, "utf8"));
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    owner.kill("SIGKILL");
    await expect
      .poll(() => existsSync(`/proc/${pid}`) || existsSync(folder), { timeout: 10_000 })
      .toBe(false);
  }, 30_000);
});
