/**
 * Measures `slbench analyze` of a result folder with a million requests: time, memory, size of report.html, and
 * how long a browser takes until it can be scrolled; ends with 1 where a limit is exceeded. `--users 100` makes
 * 300 cells of them.
 *
 * node --conditions=@slbench/source benchmarks/report/benchmark.ts [--requests 1000000] [--users 9] [--keep FOLDER]
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { REPORT_SCHEMA, type RequestResult, renderReport } from "@slbench/client/report";
import { chromium } from "playwright-core";

const workspace = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { values: options } = parseArgs({
  options: {
    requests: { type: "string", default: "1000000" },
    users: { type: "string", default: "9" },
    keep: { type: "string" },
  },
});
const folder = options.keep ?? mkdtempSync(join(tmpdir(), "slbench-report-benchmark-"));
const USERS = Array.from({ length: Number(options.users) }, (_, index) => index + 1);
const THINKS = [0, 1, 5];
const clients = THINKS.length * USERS.reduce((sum, users) => sum + users, 0);
const requestsPerUser = Math.ceil(Number(options.requests) / clients);
const START_MICROS = 1_700_000_000_000_000;

/** A client whose round trips grow with the users; of nine users each hundredth request times out. */
function clientReport(users: number, thinkTimeSeconds: number, user: number): string {
  let at = 4 * user;
  const requests = Array.from({ length: requestsPerUser }, (_, index): RequestResult => {
    const cut = users === 9 && index % 100 === 99;
    const handlerSeconds = 0.05 + 0.001 * ((index * 7 + user * 3) % 11);
    const roundTripSeconds = cut ? 25 : Number((handlerSeconds * Math.max(1, users / 2) + 0.004).toFixed(6));
    const request: RequestResult = {
      ...{ sequence: index + 1, payload: `request-${(index % 37) + 1}.jpg` },
      ...{
        startEpochMicros: START_MICROS + Math.round(at * 1e6),
        startMonotonicSeconds: at,
        roundTripSeconds,
      },
      ...{ connectSeconds: 0, sendSeconds: 0.001, sentBytes: 120_000 },
      ...(cut
        ? { outcome: "timeout" as const, message: "no whole answer within 25 s" }
        : {
            ...{
              outcome: "ok" as const,
              status: 200,
              receivedBytes: 120_000,
              faces: 2,
              coldStart: index === 0,
            },
            ...{ handlerSeconds, mlSeconds: 0.8 * handlerSeconds, backend: "native", replica: "a" },
            ...{ waitSeconds: roundTripSeconds - 0.003, receiveSeconds: 0.002 },
          }),
    };
    at = Number((at + roundTripSeconds + thinkTimeSeconds).toFixed(6));
    return request;
  });
  return renderReport({
    ...{
      schema: REPORT_SCHEMA,
      client: { version: "0", build: "x", runtime: "bun" },
      user: `w1-u${user + 1}`,
    },
    ...{ url: "http://127.0.0.1:8080/function/slblur", thinkTimeSeconds, timeoutSeconds: 25 },
    ...{
      form: "slblur-json",
      startedEpochMicros: START_MICROS,
      plannedRequests: requestsPerUser,
    },
    ...{ endedEpochMicros: START_MICROS + Math.round(at * 1e6), requests },
  });
}

function writeResult(): void {
  const cells = THINKS.flatMap((think) =>
    USERS.map((users) => ({ users, think, name: `u0${users}-t${think}-r1` })),
  );
  for (const { users, think, name } of cells) {
    const cell = join(folder, "cells", name);
    mkdirSync(cell, { recursive: true });
    const samples = Array.from({ length: users }, (_, user) => {
      const text = clientReport(users, think, user).replaceAll('"', "&quot;");
      return `<sample t="1" ts="1" s="true" lb="client" rc="0" rm="OK" tn="Users 1-${user + 1}" by="1"><responseData class="java.lang.String">${text}</responseData></sample>`;
    });
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<testResults version="1.2">\n${samples.join("\n")}\n</testResults>\n`;
    writeFileSync(join(cell, "samples.xml"), xml);
    const record = {
      schema: "slbench.cell/2",
      name,
      users,
      thinkTimeSeconds: think,
      repetition: 1,
      state: "complete",
    };
    writeFileSync(join(cell, "cell.json"), JSON.stringify(record));
  }
  const named = cells.map(({ users, think, name }) => ({
    name,
    users,
    thinkTimeSeconds: think,
    repetition: 1,
    state: "complete",
  }));
  const run = {
    schema: "slbench.run/2",
    experiment: "million",
    state: "complete",
    requestsPerUser,
    cells: named,
  };
  writeFileSync(join(folder, "run.json"), JSON.stringify(run));
}

let exceeded = 0;
function show(name: string, value: number, unit: string, limit?: number): void {
  const over = limit !== undefined && !(value <= limit);
  if (over) exceeded++;
  const verdict = limit === undefined ? "" : `  limit ${limit}${over ? "  MISSED" : "  ok"}`;
  console.log(`${name.padEnd(46)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(3)}${verdict}`);
}

try {
  writeResult();
  const begin = performance.now();
  const measured = `process.on("exit", () => process.stderr.write("resident " + process.resourceUsage().maxRSS + " kB\\n"))`;
  const args = [
    ...["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"],
    ...["--import", `data:text/javascript,${encodeURIComponent(measured)}`],
    ...["tools/src/main.ts", "analyze", folder],
  ];
  const done = spawnSync(process.execPath, args, { cwd: workspace, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`analyze ended with ${done.status}: ${done.stderr}`);
  const report = join(folder, "report.html");
  show(
    `analyze ${clients * requestsPerUser} requests into a report`,
    (performance.now() - begin) / 1000,
    "s",
  );
  show("memory", Number(/resident (\d+) kB/.exec(done.stderr)?.[1] ?? Number.NaN) / 1024, "MiB");
  show("report.html", statSync(report).size / 1e6, "MB", 10);
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
    existsSync,
  );
  if (executablePath === undefined) console.log("NOT MEASURED: opening it, there is no chromium here");
  else {
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    const page = await browser.newPage();
    const opened = performance.now();
    await page.goto(`file://${report}`);
    await page.locator("figure").last().scrollIntoViewIfNeeded();
    show("open it and scroll to its last figure", (performance.now() - opened) / 1000, "s", 3);
    await browser.close();
  }
} finally {
  if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
process.exitCode = exceeded > 0 ? 1 : 0;
