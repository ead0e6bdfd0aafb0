import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSlbench } from "../testing/slbench.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "slbench-find-test-"));
/** Long against a busy machine's delays. */
const SERVICE_MS = 250;
let server: Server;
let url = "";

/** One server: each request takes its time alone, so that n users wait n times as long. */
beforeAll(async () => {
  let last: Promise<unknown> = Promise.resolve();
  server = createServer((request, response) => {
    request.resume().on("end", () => {
      last = last.then(
        () =>
          new Promise<void>((done) => {
            setTimeout(() => {
              response.setHeader("Content-Type", "application/json");
              response.end('{"label": "cat"}');
              done();
            }, SERVICE_MS);
          }),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(work, { recursive: true, force: true });
});

function experiment(name: string, load: string): string {
  const file = join(work, `${name}.yaml`);
  const request = "request: {body: hello}";
  writeFileSync(
    file,
    `name: ${name}\nfunction: {url: "${url}", timeoutSeconds: 20}\n${request}\nload: ${load}\n`,
  );
  return file;
}

const resultOf = (name: string) =>
  join(work, "results", readdirSync(join(work, "results")).find((entry) => entry.startsWith(name)) as string);
const json = (...path: readonly string[]) => JSON.parse(readFileSync(join(...path), "utf8"));

/** Starts slbench and kills it, so that it can end nothing itself, once it prints a text. */
async function killAt(text: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ["--conditions=@slbench/source", main, ...args], {
    cwd: work,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
    if (output.includes(text)) child.kill("SIGKILL");
  });
  await new Promise((done) => child.once("close", done));
  expect(output).toContain(text);
}

describe.skipIf(process.platform !== "linux")("slbench find", () => {
  test("finds the number of users, also after it was killed, and writes search and report", async () => {
    const file = experiment("serial", "{users: [1], requestsPerUser: 5}");
    // 4 users wait 1 s, 5 users 1.25 s.
    const goal = "mean<1.12s and success>=0.5";
    await killAt("[3/", ["find", file, "--goal", goal, "--tolerance", "1"]);
    const folder = resultOf("serial");
    const before = json(folder, "run.json").cells.filter(
      ({ state }: { state: string }) => state === "complete",
    );
    expect(before.length).toBeGreaterThanOrEqual(1);

    const { code, output } = await runSlbench(["find", "--resume", folder], work);
    expect(output).toMatch(/\d users? \(95% confident: (at least \d, at most \d|exactly)\), \d+ runs/);
    expect(code).toBe(0);
    const { answer, probes, criteria } = json(folder, "find.json");
    expect(answer).toMatchObject({ verdict: "decided" });
    expect(answer.atLeast).toBeLessThanOrEqual(4);
    expect(answer.atMost).toBeGreaterThanOrEqual(4);
    expect(output).toMatch(/users fail: mean \d/);
    expect(criteria.map(({ text }: { text: string }) => text)).toEqual(["mean<1.12s", "success>=0.5"]);
    const run = json(folder, "run.json");
    expect(run).toMatchObject({ state: "complete", find: { goal, for: "users", tolerance: "1" } });
    expect(run.cells.map(({ name }: { name: string }) => name)).toEqual(
      probes.map(({ cell }: { cell: string }) => cell),
    );
    expect(probes.slice(0, before.length).map(({ cell }: { cell: string }) => cell)).toEqual(
      before.map(({ name }: { name: string }) => name),
    );
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain('id="search"');

    const wrong = await runSlbench(["run", "--resume", folder], work);
    expect(wrong.code).toBe(2);
    expect(wrong.output).toContain(`slbench find --resume ${folder}`);
  }, 400_000);

  test("begins with the runs of an earlier result of the same function, and refuses those of another", async () => {
    await runSlbench(
      ["run", experiment("sweep", "{users: [1, 4, 8], requestsPerUser: 5, repetitions: 1}")],
      work,
    );
    const earlier = resultOf("sweep");
    const file = experiment("again", "{users: [1], requestsPerUser: 5}");
    const args = ["--goal", "mean<1.12s", "--budget", "1s", "--with", earlier];
    const { code, output } = await runSlbench(["find", file, ...args], work);
    expect(output).toMatch(/begins with \d of 3 earlier runs/);
    expect(output).toMatch(/1 run after \d earlier ones/);
    expect(code).toBe(5);
    const probes = json(resultOf("again"), "find.json").probes;
    expect(probes[0]).toMatchObject({ isReused: true, role: "bracket" });
    const own = probes.filter(({ isReused }: { isReused?: boolean }) => isReused !== true);
    expect(own).toHaveLength(1);
    expect(own[0].load).toBeGreaterThan(1); // the bracket is known already

    const predict = ["find", file, "--for", "replicas", "--users", "8", "--goal", "mean<1.12s"];
    const predicted = await runSlbench([...predict, "--with", earlier], work);
    expect(predicted.output).toContain("Predicted, not measured: 2 replicas for 8 users");
    expect(predicted.code).toBe(0);
    const asJson = await runSlbench([...predict, "--with", earlier, "--json"], work);
    expect(JSON.parse(asJson.output.slice(asJson.output.indexOf("{\n")))).toMatchObject({
      ...{ for: "replicas", users: 8, probes: [], prediction: { needed: { replicas: 2 } } },
    });
    const blind = await runSlbench(predict, work);
    expect(blind.output).toContain("slbench cannot change the replicas of a function that it does not start");
    expect(blind.code).toBe(2);

    const longer = experiment("longer", "{users: [1], requestsPerUser: 6}");
    const refused = await runSlbench(["find", longer, ...args], work);
    expect(refused.output).toContain("requestsPerUser is 5 there, and 6 here");
    expect(refused.code).toBe(2);
  }, 400_000);

  test("ends a run that cannot keep the goal any more, and leaves it out of every figure", async () => {
    const file = experiment("early", "{users: [1], requestsPerUser: 20}");
    // 1 user waits 0.25 s, 2 users 0.5 s.
    const args = ["--goal", "p90<0.4s", "--tolerance", "1"];
    const { output } = await runSlbench(["find", file, ...args], work);
    expect(output).toMatch(
      /ended early: p90<0\.4s: \d+ of \d+ requests took longer; \d+ of \d+ requests succ/,
    );
    const folder = resultOf("early");
    const { probes } = json(folder, "find.json");
    const ended = probes.filter(({ isEndedEarly }: { isEndedEarly?: true }) => isEndedEarly === true);
    expect(ended).toMatchObject([{ role: "bracket" }]);
    const [{ cell, load, values }] = ended;
    expect(values[0]).toBeGreaterThan(0.4);
    const record = json(folder, "cells", cell, "cell.json");
    expect(record).toMatchObject({ state: "ended-early", reconciliation: { lost: [], plannedUsers: load } });
    const { samples, plannedRequests, reportedRequests, journalRequests } = record.reconciliation;
    expect(samples).toBe(load);
    expect(reportedRequests).toBe(journalRequests);
    expect(journalRequests).toBeLessThan(plannedRequests);
    expect(record.warnings).toEqual([]);
    const run = json(folder, "run.json");
    expect(run).toMatchObject({ state: "complete", warnings: [] });
    const summary = json(folder, "summary.json");
    expect(summary.complete).toBe(true);
    const wholeRuns = probes.length - ended.length;
    expect(summary.cells.flatMap(({ runs }: { runs: unknown[] }) => runs)).toHaveLength(wholeRuns);
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain(
      "ended as soon as the goal was missed",
    );

    const { answer } = json(folder, "find.json");
    const again = await runSlbench(["find", "--resume", folder], work);
    expect(again.output).not.toMatch(/^\[\d+\/\d+\]/m); // the cell that was ended early is not measured again
    expect(json(folder, "find.json").answer).toEqual(answer);
  }, 400_000);

  test("finds the fewest replicas of the local function, started again for each number", async () => {
    const file = join(work, "replicas.yaml");
    const target = "function: {url: local, backend: none, replicas: 2}";
    writeFileSync(file, `name: replicas\n${target}\nload: {users: 1, requestsPerUser: 40}\n`);
    const what = ["--for", "replicas", "--users", "2", "--max", "2"];
    const { code, output } = await runSlbench(["find", file, ...what, "--goal", "mean<60s"], work);
    expect(output).toContain("run: the function was started with 1 replica\n");
    expect(output).toContain("1 replica for 2 users (95% confident: exactly)");
    expect(code).toBe(0);
    const folder = resultOf("replicas");
    const { cells, find, function: measured } = json(folder, "run.json");
    expect(measured.hosting).toBe("replicas as each cell's name says, mode http");
    expect(find).toMatchObject({ for: "replicas", users: 2, start: 2, max: 2, tolerance: "0" });
    expect(cells.slice(0, 2)).toMatchObject([
      { name: "u02-t0-p02-r1", users: 2, replicaCount: 2 },
      { name: "u02-t0-p01-r1", users: 2, replicaCount: 1 },
    ]);
    for (const { name } of cells) {
      const { reconciliation, replicaCount } = json(folder, "cells", name, "cell.json");
      expect(reconciliation).toMatchObject({ plannedRequests: 80, gatewayRequests: 80, lost: [] });
      expect(name).toContain(`-p0${replicaCount}-`);
    }
    const summary = json(folder, "summary.json");
    expect(summary.cells.map((cell: { replicaCount: number }) => cell.replicaCount)).toEqual([1, 2]);
    expect(json(folder, "find.json").answer).toMatchObject({ verdict: "decided", load: 1, atMost: 1 });
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("1 replica for 2 users");
  }, 300_000);

  test("prints what is known as JSON and exits with 5 if the budget ends first", async () => {
    const file = experiment("short", "{users: [2], requestsPerUser: 3}");
    const { code, output } = await runSlbench(
      ["find", file, "--goal", "mean<1.12s", "--budget", "1s", "--json"],
      work,
    );
    expect(code).toBe(5);
    const { answer, probes, tolerance } = JSON.parse(output.slice(output.indexOf("{\n")));
    expect(answer).toMatchObject({ verdict: "undecided", atLeast: 0 });
    expect(probes).toMatchObject([{ load: 2, cell: "u02-t0-r1" }]);
    expect(tolerance).toBe("5%");
  }, 100_000);

  test.each([
    [["--goal", "p95>2s"], "needs an upper bound"],
    [[], "no goal given"],
    [["--goal", "p95<2s", "--tolerance", "few"], '--tolerance is "few"'],
    [["--goal", "p95<2s", "--for", "rate"], "--for rate needs an open loop"],
    [["--goal", "p95<2s", "--users", "4"], "--users is the load of a search for replicas"],
    [["--goal", "p95<2s", "--for", "replicas"], "--for replicas needs a number of users"],
    [
      ["--goal", "p95<2s", "--for", "replicas", "--users", "4", "--tolerance", "5%"],
      '--tolerance is "5%"\n  Next: give replicas',
    ],
    [["--goal", "p95<2s", "--max", "1"], "--max 1 is below"],
    [["--goal", "success>=1"], "no number of requests shows"],
    [["--goal", "p95<2s", "--budget", "soon"], "Give a time"],
  ])("refuses %j", async (options, problem) => {
    const file = experiment("refused", "{users: [2], requestsPerUser: 3}");
    const { code, output } = await runSlbench(["find", file, ...options], work);
    expect(output).toContain(problem);
    expect(code).toBe(2);
  });

  test("refuses several think times, which have an answer each", async () => {
    const file = experiment("thinking", "{users: [2], thinkTimeSeconds: [0, 1], requestsPerUser: 3}");
    const { code, output } = await runSlbench(["find", file, "--goal", "p95<2s"], work);
    expect(output).toContain("2 think times");
    expect(code).toBe(2);
  });
});
