import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { JOURNAL_SCHEMA, REPORT_SCHEMA, type RequestResult } from "@slbench/client/report";
import { afterAll, beforeAll, expect, it } from "vitest";

const requestOf = (sequence: number): RequestResult => ({
  sequence,
  payload: "1.jpg",
  startEpochMicros: 1_700_000_000_000_000 + sequence * 1_500_000,
  startMonotonicSeconds: sequence * 1.5,
  roundTripSeconds: 0.5,
  sentBytes: 9,
  outcome: "ok",
});
const requests = Array.from({ length: 40 }, (_, index) => requestOf(index + 1));
const head = (user: string, thinkTimeSeconds: number) => ({
  ...{
    client: { version: "0", build: "x", runtime: "node" },
    user,
    url: "http://127.0.0.1/",
    thinkTimeSeconds,
  },
  ...{ timeoutSeconds: 25, encoding: "base64", format: "json", startedEpochMicros: 1, plannedRequests: 40 },
});
const log = (thinkTimeSeconds: number) => {
  const report = { schema: REPORT_SCHEMA, ...head("w1-u1", thinkTimeSeconds), endedEpochMicros: 2, requests };
  const data = JSON.stringify(report).replaceAll('"', "&quot;");
  return `<testResults version="1.2">\n<sample t="9" ts="1700000000000" s="true" rc="0" lb="x" rm="OK" tn="U 1-1" by="1"><responseData class="java.lang.String">${data}</responseData></sample>\n</testResults>\n`;
};
const journal = (user: string) =>
  [{ schema: JOURNAL_SCHEMA, ...head(user, 1) }, ...requests, { end: true }]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slbench-"));
  await writeFile(join(folder, "one.xml"), log(1));
  await writeFile(join(folder, "two.xml"), log(1));
  await writeFile(join(folder, "other.xml"), log(0));
  await mkdir(join(folder, "journals"));
  for (const user of ["u1", "u2"]) await writeFile(join(folder, "journals", `${user}.jsonl`), journal(user));
});
afterAll(() => rm(folder, { recursive: true }));

function analyze(...args: readonly string[]) {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const flags = ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"];
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...flags, main, "analyze", "--json", ...args],
    { encoding: "utf8", cwd: folder, timeout: 60_000 },
  );
  return { ...JSON.parse(stdout), stderr, status };
}

it("reads the think time from the reports, and numbers logs of one condition as repetitions", () => {
  const { cells, stderr, warnings } = analyze("one.xml", "two.xml", "other.xml");
  expect(cells).toMatchObject([
    { users: 1, thinkTimeSeconds: 0, clients: 1 },
    { users: 1, thinkTimeSeconds: 1, clients: 2, runs: [{ repetition: 1 }, { repetition: 2 }] },
  ]);
  expect(stderr).toContain("two.xml: treated as repetition 2 of 1 user, think time 1 s");
  // The reports of other.xml say 0 s and pause for 1 s.
  expect(warnings).toMatchObject([{ code: "LAW_OFF" }]);
});

it("treats the journals of one folder as one run", () => {
  const { cells, status, warnings, skipped } = analyze("journals");
  expect(cells).toMatchObject([
    { users: 2, thinkTimeSeconds: 1, clients: 2, crashedClients: 0, wholeRun: { requests: { sent: 80 } } },
  ]);
  expect([status, warnings, skipped]).toEqual([0, [], []]);
});

it("reports unreadable journals and reads the others, plain or gzip", async () => {
  const mixed = join(folder, "mixed");
  await mkdir(mixed);
  await writeFile(join(mixed, "a.jsonl.gz"), gzipSync(journal("u1")));
  await writeFile(join(mixed, "b.jsonl"), "");
  await writeFile(join(mixed, "c.jsonl"), journal("u3").slice(9));
  const { cells, status, skipped } = analyze("mixed");
  expect(cells).toMatchObject([{ users: 1, clients: 1, wholeRun: { requests: { sent: 40 } } }]);
  expect(status).toBe(3);
  expect(skipped).toMatchObject([{ reason: expect.stringContaining("40 requests") }]);
});

it("does not read its own requests.csv as a log", () => {
  expect(analyze(".", "--requests", "csv").cells).toHaveLength(2);
  expect(analyze(".", "--requests", "csv")).toMatchObject({ status: 0, cells: [{}, {}] });
});
