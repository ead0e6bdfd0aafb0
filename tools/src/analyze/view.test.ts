import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, test } from "vitest";
import { parseView } from "./view.ts";

/** A client's report in a JTL, requests one after the other with a second between. */
const sample = (user: string, roundTrips: readonly number[]) => {
  let at = 1_700_000_000;
  const requests = roundTrips.map((roundTripSeconds, index) => {
    const request = {
      sequence: index + 1,
      payload: `${index + 1}.jpg`,
      startEpochMicros: at * 1e6,
      startMonotonicSeconds: at,
      roundTripSeconds,
      sentBytes: 9,
      outcome: roundTripSeconds < 5 ? "ok" : "timeout",
    };
    at += roundTripSeconds + 1;
    return request;
  });
  const report = JSON.stringify({
    schema: "slbench.client-report/2",
    client: { version: "0", build: "x", runtime: "node" },
    user,
    url: "http://127.0.0.1/",
    thinkTimeSeconds: 1,
    timeoutSeconds: 25,
    encoding: "base64",
    format: "json",
    startedEpochMicros: 1,
    endedEpochMicros: 2,
    plannedRequests: requests.length,
    requests,
  });
  return `<sample t="1" ts="1" s="true" lb="x" rc="0" tn="127.0.0.1-U 1-1" by="1"><responseData class="java.lang.String">${report.replaceAll('"', "&quot;")}</responseData></sample>`;
};
const LOG = `<testResults version="1.2">${sample("w1-u1", [1, 2, 3])}${sample("w1-u2", [1, 25])}</testResults>`;

let folder = "";
let result = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slbench-"));
  result = join(folder, "result");
  await mkdir(join(result, "cells/u02-t1-r1"), { recursive: true });
  await writeFile(
    join(result, "run.json"),
    JSON.stringify({ function: { url: "http://127.0.0.1/", local: true } }),
  );
  await writeFile(
    join(result, "cells/u02-t1-r1/cell.json"),
    JSON.stringify({ users: 2, thinkTimeSeconds: 1, repetition: 1, load: { cpuBusyRatio: 0.97 } }),
  );
  await writeFile(join(result, "cells/u02-t1-r1/samples.xml"), LOG);
});
afterAll(() => rm(folder, { recursive: true }));

function slbench(...args: readonly string[]) {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const flags = ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"];
  return spawnSync(process.execPath, [...flags, main, "analyze", ...args], {
    encoding: "utf8",
    cwd: folder,
    timeout: 60_000,
  });
}

it("writes requests.csv into a result folder, reproducibly, and requests.arrow on request", async () => {
  const first = slbench(result, "--requests", "arrow");
  expect(first.status).toBe(0);
  expect(first.stderr).toContain("GENERATOR_BUSY");
  expect(first.stderr).toContain("97% busy (clients, function and other programs)");
  const names = ["requests.csv", "requests.arrow", "summary.json", "summary.md"];
  const read = () => Promise.all(names.map((name) => readFile(join(result, name))));
  const before = await read();
  expect(before[0]?.toString().split("\n")).toHaveLength(7);
  expect(before[1]?.subarray(0, 6).toString()).toBe("ARROW1");
  slbench(result, "--requests", "arrow");
  expect(await read()).toEqual(before);
});

test.each([
  ["http://localhost:8101/", "the machine was 97% busy (clients, function and other programs)"],
  ["http://127.0.0.1:8101/", "the machine was 97% busy (clients, function and other programs)"],
  ["http://[::1]:8101/", "the machine was 97% busy (clients, function and other programs)"],
  ["http://127.example/", "the load generator's machine was 97% busy"],
])(
  "judges a busy machine by the address of a function that slbench does not serve: %s",
  async (url, words) => {
    const copy = join(folder, "elsewhere");
    await cp(result, copy, { recursive: true });
    await writeFile(join(copy, "run.json"), JSON.stringify({ function: { url, local: false } }));
    expect(slbench(copy).stderr).toContain(words);
  },
);

it("shows groups of selected requests without changing the result folder", async () => {
  const before = (await readdir(result)).sort();
  const csv = await readFile(join(result, "requests.csv"), "utf8").catch(() => "");
  const { stdout, status } = slbench(
    result,
    "--by",
    "user",
    "--percentiles",
    "50,99.9",
    "--filter",
    "outcome=ok",
    "--requests",
    "csv",
  );
  expect(status).toBe(0);
  expect(stdout.split("\n").map((line) => line.trim().split(/\s+/).join(" "))).toEqual([
    "cell user ok/sent mean p50 p99.9",
    "------ ----- ------- ----- ----- -----",
    "u02-t1 w1-u1 3/3 2.000 2.000 2.998",
    "u02-t1 w1-u2 1/1 1.000 1.000 1.000",
    "1 request left out",
    "",
  ]);
  expect((await readdir(result)).sort()).toEqual(before);
  expect(await readFile(join(result, "requests.csv"), "utf8").catch(() => "")).toBe(csv);
  expect((await readFile(join(folder, "requests.csv"), "utf8")).split("\n")).toHaveLength(6);
});

it("prints groups with --json, also for labelled files", async () => {
  await writeFile(join(folder, "a.xml"), LOG);
  const { stdout } = slbench(
    "--cell",
    "users=2,think=1,path=a.xml",
    "--json",
    "--by",
    "minute",
    "--part",
    "whole",
  );
  expect(JSON.parse(stdout)).toMatchObject({
    schema: "slbench.summary/2",
    selection: { part: "whole", requestsLeftOut: 0 },
    groups: { by: "minute", rows: [{ cell: "u02-t1", key: "0", sent: 5, successful: 4 }] },
  });
});

test.each([
  [{ by: "moon" }, "USAGE_BY"],
  [{ percentiles: "50,x" }, "USAGE_PERCENTILES"],
  [{ percentiles: "101" }, "USAGE_PERCENTILES"],
  [{ percentiles: "" }, "USAGE_PERCENTILES"],
  [{ requests: "feather" }, "USAGE_REQUESTS"],
  [{ filter: "moon=1" }, "EXPRESSION_NAME"],
])("%j throws %s", (options, code) => {
  expect(() => parseView(options)).toThrow(expect.objectContaining({ code, exitCode: 2 }));
});

it("writes the page of a log of clients that slbench started", async () => {
  const { stdout, stderr, status } = slbench(join(result, "cells/u02-t1-r1/samples.xml"));
  expect(status, stderr).toBe(0);
  expect(stdout).toContain("Report: samples.report.html\n");
  expect(await readFile(join(folder, "samples.report.html"), "utf8")).toContain("<svg");
});
