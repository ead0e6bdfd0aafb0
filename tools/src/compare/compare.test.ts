import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { renderReport } from "@slbench/client";
import { execa } from "execa";
import { create, extract } from "tar";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "slbench-compare-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const slbench = (...args: readonly string[]) =>
  execa(
    process.execPath,
    ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning", main, ...args],
    {
      cwd: work,
      reject: false,
      timeout: 60_000,
    },
  );

/** A result folder with one cell of six users. */
function writeResult(name: string, roundTripSeconds: number, started: string): void {
  const cell = join(work, name, "cells", "u06-t0-r1");
  mkdirSync(cell, { recursive: true });
  const samples = Array.from({ length: 6 }, (_, user) => {
    const requests = Array.from({ length: 10 }, (_, index) => ({
      ...{
        sequence: index + 1,
        payload: "1.jpg",
        startMonotonicSeconds: index,
        sentBytes: 10,
        outcome: "ok" as const,
      },
      startEpochMicros: 1_700_000_000_000_000 + index * 1_000_000,
      roundTripSeconds: roundTripSeconds + 0.001 * user + 0.0005 * (index % 3),
      ...{ handlerSeconds: 0.04, mlSeconds: 0.03, faces: 2, waitSeconds: 0.045, backend: "native" },
    }));
    const report = renderReport({
      schema: "slbench.client-report/2",
      client: { version: "0.1.0", build: "x", runtime: "bun" },
      ...{
        url: "http://127.0.0.1/",
        thinkTimeSeconds: 0,
        timeoutSeconds: 25,
        encoding: "base64",
        format: "json",
      },
      ...{
        startedEpochMicros: 1_700_000_000_000_000,
        endedEpochMicros: 1_700_000_010_000_000,
        plannedRequests: 10,
        requests,
      },
    });
    const text = report.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    return `<sample t="1" ts="1" s="true" lb="x" rc="0" rm="OK" tn="Users 1-${user + 1}" by="1"><responseData class="java.lang.String">${text}</responseData></sample>`;
  });
  writeFileSync(
    join(cell, "samples.xml"),
    `<?xml version="1.0"?>\n<testResults version="1.2">\n${samples.join("\n")}\n</testResults>\n`,
  );
  writeFileSync(join(cell, "cell.json"), JSON.stringify({ users: 6, thinkTimeSeconds: 0, repetition: 1 }));
  writeFileSync(
    join(work, name, "run.json"),
    JSON.stringify({
      ...{
        schema: "slbench.run/2",
        experiment: "x",
        state: "complete",
        started,
        backend: "native",
        requestsPerUser: 10,
      },
      cells: [{ name: "u06-t0-r1", users: 6, thinkTimeSeconds: 0, repetition: 1, state: "complete" }],
      versions: { slbench: name === "before" ? "0.1.0" : "0.2.0" },
    }),
  );
}

beforeAll(() => {
  writeResult("before", 0.05, "2026-01-01T10:00:00Z");
  writeResult("after", 0.08, "2026-01-02T10:00:00Z");
});

test("compare lists environment differences first, then what the runs show", async () => {
  const { exitCode, stdout } = await slbench("compare", "before", "after", "--plots", "both.svg");
  expect(exitCode).toBe(0);
  expect(stdout.indexOf("ENVIRONMENT_DIFFERENCES: version of slbench: A 0.1.0, B 0.2.0")).toBeGreaterThan(0);
  expect(stdout.indexOf("ENVIRONMENT_DIFFERENCES")).toBeLessThan(stdout.indexOf("6 users"));
  // One run on each side: nothing shows how runs differ.
  expect(stdout).toMatch(/mean +0\.053 +0\.083 +not enough runs: at least 3 each are needed/);
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(readFileSync(join(work, "both.svg"), "utf8")).toContain("after, think time 0 s");
  const json = JSON.parse((await slbench("compare", "before", "before", "--json")).stdout);
  expect(json.comparisons[0]).toMatchObject({
    environmentDifferences: [],
    cells: [{ mean: { ratio: 1, verdict: "undecided" } }],
  });
});

test("compare --fail-if takes a saved summary.json, and says if the runs do not decide", async () => {
  cpSync(join(work, "before"), join(work, "saved"), { recursive: true });
  await slbench("analyze", "saved");
  cpSync(join(work, "saved", "summary.json"), join(work, "baseline.json"));
  rmSync(join(work, "saved"), { recursive: true });
  const open = await slbench("compare", "baseline.json", "after", "--fail-if", "mean slower 10%");
  expect(open.exitCode).toBe(5);
  expect(open.stdout).toContain("?     mean slower 10%: 6 users, think time 0 s; not decided");
  const wrong = await slbench("compare", "before", "after", "--fail-if", "p95 lower 10%");
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain("p95 slower 10%");
});
test.each([
  [["compare", "before", "nowhere"], "nowhere does not exist"],
  [["compare", "before", "."], ". is not a result folder"],
  [["model", "nowhere"], "nowhere does not exist"],
  [["cost", "nowhere"], "nowhere does not exist"],
  [["cost", "baseline.json"], "baseline.json is not a result folder"],
  [["pack", "."], ". is not a result folder"],
  [["list", "nowhere"], "nowhere does not exist"],
])("slbench %j rejects what is no result", async (args, message) => {
  const { exitCode, stderr } = await slbench(...args);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(2);
});

test("pack names the missing folder of its archive", async () => {
  const { exitCode, stderr } = await slbench("pack", "after", "--out", "missing/x.tar.gz");
  expect(stderr).toMatch(/slbench: .*missing does not exist/);
  expect(stderr).not.toContain("unexpected error");
  expect(exitCode).toBe(1);
});

test("list shows result folders, newest first", async () => {
  const { stdout } = await slbench("list", ".");
  expect(stdout.indexOf("after")).toBeGreaterThan(0);
  expect(stdout.indexOf("after")).toBeLessThan(stdout.indexOf("before"));
  expect(stdout).toMatch(/before +2026-01-01 10:00 +complete +1\/1 +native +not analysed/);
  expect((await slbench("list")).stdout).toContain("No result folders in results");
});

test("verify checks an archive's hashes and figures", async () => {
  cpSync(join(work, "before"), join(work, "packed"), { recursive: true });
  const packed = await slbench("pack", "packed", "--out", "packed.tar.gz");
  expect(packed.exitCode).toBe(0);
  const good = await slbench("verify", "packed.tar.gz");
  expect(good.stdout).toMatch(
    /^ok: \d+ files match SHA256SUMS, and the raw logs reproduce summary\.json, requests\.csv, summary\.md, report\.html\n/,
  );
  expect(good.exitCode).toBe(0);

  await extract({ file: join(work, "packed.tar.gz"), cwd: work });
  expect(readFileSync(join(work, "packed", "CITATION.cff"), "utf8")).toContain("cff-version: 1.2.0");
  await execa("sha256sum", ["-c", "--quiet", "SHA256SUMS"], { cwd: join(work, "packed") });
  const summary = join(work, "packed", "result", "summary.json");
  writeFileSync(summary, readFileSync(summary, "utf8").replace('"successful": 60', '"successful": 59'));
  await create({ gzip: true, file: join(work, "forged.tar.gz"), cwd: work }, [
    "packed/SHA256SUMS",
    "packed/README.md",
    "packed/CITATION.cff",
    "packed/result",
  ]);
  const forged = await slbench("verify", "forged.tar.gz");
  expect(forged.exitCode).toBe(1);
  expect(forged.stdout).toContain("FAILED  result/summary.json was changed");
  expect(forged.stdout).toContain(
    "DIFFERS summary.json.cells.0.wholeRun.requests.successful: recorded 59, now 60",
  );
  expect((await slbench("verify", "packed.tar")).exitCode).toBe(2);
});

/** Forges an archive: packs changed files with matching hashes. */
async function forge(from: string, name: string, change: (result: string) => void): Promise<string> {
  const folder = join(work, name);
  mkdirSync(folder);
  await extract({ file: join(work, from), cwd: folder, strip: 1 });
  change(join(folder, "result"));
  const { stdout } = await execa(
    "sh",
    ["-c", "find . -type f ! -name SHA256SUMS | sed 's,^./,,' | sort | xargs -d '\\n' sha256sum"],
    { cwd: folder },
  );
  writeFileSync(join(folder, "SHA256SUMS"), `${stdout}\n`);
  await create({ gzip: true, file: join(work, `${name}.tgz`), cwd: work }, [name]);
  return `${name}.tgz`;
}

test.each([
  ["requests.csv", "requests.csv cannot be reproduced from these logs"],
  ["report.html", "report.html cannot be reproduced from these logs"],
  ["summary.md", "summary.md cannot be reproduced from these logs"],
  // The report names the backend, so changing only run.json shows.
  ["run.json", "report.html cannot be reproduced from these logs"],
  ["summary.json", "summary.json is not JSON"],
  ["cells", "the logs cannot be analysed: result contains no cell with samples"],
])("verify detects a changed %s although its hash was updated", async (what, difference) => {
  cpSync(join(work, "before"), join(work, `whole-${what}`), { recursive: true });
  await slbench("pack", `whole-${what}`, "--out", `whole-${what}.tgz`);
  const archive = await forge(`whole-${what}.tgz`, `forged-${what}`, (result) => {
    const file = join(result, what);
    if (what === "cells") rmSync(file, { recursive: true });
    else if (what === "run.json")
      writeFileSync(file, readFileSync(file, "utf8").replace('"native"', '"wasm"'));
    else
      writeFileSync(file, `${readFileSync(file, "utf8")} `.replace("{", what.endsWith("json") ? "{{" : "{"));
  });
  const { exitCode, stdout, stderr } = await slbench("verify", archive);
  expect(stdout).not.toContain("FAILED");
  expect(stdout).toContain(`DIFFERS ${difference}`);
  expect(stdout + stderr).not.toContain(tmpdir());
  expect(exitCode).toBe(1);
});

test("pack keeps an existing report with its thresholds, and verify reproduces it", async () => {
  cpSync(join(work, "before"), join(work, "strict"), { recursive: true });
  await slbench("analyze", "strict", "--threshold", "p95<10ms");
  const report = readFileSync(join(work, "strict", "report.html"), "utf8");
  await slbench("pack", "strict", "--out", "strict.tgz");
  expect(readFileSync(join(work, "strict", "report.html"), "utf8")).toBe(report);
  const { stdout } = await slbench("verify", "strict.tgz");
  expect(stdout).toMatch(/^ok: .* reproduce .* report\.html, junit\.xml\n/);
  await slbench("analyze", "strict");
  expect(existsSync(join(work, "strict", "junit.xml"))).toBe(false);
});

test("verify compares only the figures of a report by another slbench version", async () => {
  cpSync(join(work, "before"), join(work, "older"), { recursive: true });
  await slbench("analyze", "older");
  const record = join(work, "older", "analysis.json");
  writeFileSync(record, readFileSync(record, "utf8").replace("0.1.0", "0.0.9"));
  await slbench("pack", "older", "--out", "older.tgz");
  const { exitCode, stdout } = await slbench("verify", "older.tgz");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("NOT COMPARED report.html: made by slbench 0.0.9, this is 0.1.0");
  expect(stdout).toContain("the raw logs reproduce summary.json, requests.csv\n");
});

test("a cell without samples is reported by analyze, list and the exit code", async () => {
  cpSync(join(work, "before"), join(work, "lossy"), { recursive: true });
  const run = join(work, "lossy", "run.json");
  const record = JSON.parse(readFileSync(run, "utf8"));
  const cell = { users: 8, thinkTimeSeconds: 0, repetition: 1 };
  record.cells.push({ name: "u08-t0-r1", ...cell, state: "complete" });
  record.cells.push({ name: "u09-t0-r1", ...cell, users: 9, state: "planned" });
  writeFileSync(run, JSON.stringify(record));
  mkdirSync(join(work, "lossy", "cells", "u08-t0-r1", "journals"), { recursive: true });
  writeFileSync(join(work, "lossy", "cells", "u08-t0-r1", "cell.json"), JSON.stringify(cell));
  const { exitCode, stderr } = await slbench("analyze", "lossy");
  expect(exitCode).toBe(3);
  expect(stderr).toContain(
    "Skipped: cells/u08-t0-r1, the whole cell: recorded as complete, but its cell.json or all its samples",
  );
  expect(stderr).toContain(
    "Skipped: cells/u09-t0-r1, the whole cell: recorded as planned: slbench run --resume",
  );
  const report = readFileSync(join(work, "lossy", "report.html"), "utf8");
  expect(report).toMatch(/Part of the data is missing[^.]*cells\/u08-t0-r1 \(the whole cell\)/);
  expect((await slbench("list", ".")).stdout).toMatch(/lossy +\S+ \S+ +data missing/);
  const drawn = await slbench("analyze", "lossy", "--dashboard");
  expect(drawn.stderr).toContain("JMeter created no dashboard for u06-t0-r1: ");
  expect(drawn.stderr).toContain("JMeter created no dashboard for u08-t0-r1: ");
  expect(existsSync(join(work, "temp"))).toBe(false);
});

test("--plots writes files, and --dashboard runs JMeter's generator", async () => {
  cpSync(join(work, "before"), join(work, "drawn"), { recursive: true });
  const cell = join(work, "drawn", "cells", "u06-t0-r1");
  mkdirSync(join(cell, "logs"));
  writeFileSync(
    join(cell, "samples.csv"),
    `timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,Hostname,IdleTime,Connect\n${[1, 2, 3, 4, 5, 6].map((user) => `170000000000${user},900,OS Process Sampler,0,OK,Users 1-${user},text,true,,10,0,1,1,null,0,h,0,0`).join("\n")}\n`,
  );
  const { exitCode, stderr } = await slbench("analyze", "drawn", "--plots", "png", "--dashboard");
  expect(stderr).toContain("Dashboard: drawn/cells/u06-t0-r1/dashboard/index.html");
  expect(exitCode).toBe(0);
  expect(readFileSync(join(cell, "dashboard", "index.html"), "utf8")).toContain("Apache JMeter");
  expect(readdirSync(cell).filter((name) => name.startsWith("dashboard"))).toEqual(["dashboard"]);
  const picture = readFileSync(join(work, "drawn", "plots", "mean-round-trip-over-users.png"));
  expect(picture.subarray(1, 4).toString("latin1")).toBe("PNG");
});

test("thresholds set the exit code and appear in report, JUnit XML and Markdown", async () => {
  cpSync(join(work, "before"), join(work, "strict-or-not"), { recursive: true });
  const good = await slbench("analyze", "strict-or-not", "--threshold", "success>=0.9");
  expect(good.exitCode).toBe(0);
  expect(good.stdout).toMatch(/pass +success>=0\.9 +users=6 think=0 +100%/);
  const open = await slbench("analyze", "strict-or-not", "--threshold", "success>=0.99");
  expect(open.exitCode).toBe(5);
  expect(open.stdout).toMatch(
    /\? +success>=0\.99 +users=6 think=0 +100%; not decided, about \d+ more requests needed/,
  );
  const bad = await slbench("analyze", "strict-or-not", "--threshold", "mean<10ms");
  expect(bad.exitCode).toBe(4);
  expect(readFileSync(join(work, "strict-or-not", "junit.xml"), "utf8")).toContain('failures="1"');
  expect(readFileSync(join(work, "strict-or-not", "summary.md"), "utf8")).toContain(
    "**1 of 1 thresholds fail.**",
  );
  expect(readFileSync(join(work, "strict-or-not", "report.html"), "utf8")).toContain("✕ FAIL");
  expect((await slbench("analyze", "strict-or-not", "--threshold", "p95")).exitCode).toBe(2);
});
