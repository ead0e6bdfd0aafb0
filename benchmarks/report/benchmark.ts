/**
 * Measures `slbench analyze` of a result folder with a million requests: time, memory, size of report.html, and
 * how long a browser takes until it can be scrolled; then how its processor time grows with the number of cells, three
 * for each number of users. Ends with 1 where a limit is exceeded.
 *
 *   npm run bench -- --only report [--requests 1000000] [--users 9] [--growth 1,3,9,30,100] [--keep FOLDER] [--record]
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { REPORT_SCHEMA, type RequestResult, renderReport } from "@slbench/client/report";
import { chromium } from "playwright-core";
import { drawGrowth } from "../lib/draw-growth.ts";
import { describeMachine, markdownTable, publish, verdict } from "../lib/record.ts";

const workspace = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { values: options } = parseArgs({
  options: {
    requests: { type: "string", default: "1000000" },
    users: { type: "string", default: "9" },
    growth: { type: "string", default: "1,3,9,30,100" },
    keep: { type: "string" },
    record: { type: "boolean", default: false },
  },
});
const folder = options.keep ?? mkdtempSync(join(tmpdir(), "slbench-report-benchmark-"));
const THINKS = [0, 1, 5];
/** Requests of each result whose cells are counted. */
const GROWTH_REQUESTS = 100_000;
const START_MICROS = 1_700_000_000_000_000;

/** A client whose round trips grow with the users; of nine users each hundredth request times out. */
function clientReport(
  { users, thinkTimeSeconds }: { readonly users: number; readonly thinkTimeSeconds: number },
  user: number,
  requestsPerUser: number,
): string {
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

/** A result of three cells for each number of users up to `most`. @returns how many requests it holds */
function writeResult(folder: string, most: number, requests: number): number {
  const counts = Array.from({ length: most }, (_, index) => index + 1);
  const clients = THINKS.length * counts.reduce((sum, users) => sum + users, 0);
  const requestsPerUser = Math.ceil(requests / clients);
  const cells = THINKS.flatMap((think) =>
    counts.map((users) => ({ users, think, name: `u${String(users).padStart(3, "0")}-t${think}-r1` })),
  );
  for (const { users, think, name } of cells) {
    const cell = join(folder, "cells", name);
    mkdirSync(cell, { recursive: true });
    const samples = Array.from({ length: users }, (_, user) => {
      const text = clientReport({ users, thinkTimeSeconds: think }, user, requestsPerUser).replaceAll(
        '"',
        "&quot;",
      );
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
  return clients * requestsPerUser;
}

interface Analyzed {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly memoryMiB: number;
}

/** Analyses a result in a process of its own. */
function analyzeResult(folder: string): Analyzed {
  const measured = `process.on("exit", () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write(\`used \${maxRSS} kB \${userCPUTime + systemCPUTime} us\\n\`); })`;
  const args = [
    ...["--disable-warning=ExperimentalWarning"],
    ...["--import", `data:text/javascript,${encodeURIComponent(measured)}`],
    ...["tools/dist/bundle/main.js", "analyze", folder],
  ];
  const begin = performance.now();
  const done = spawnSync(process.execPath, args, { cwd: workspace, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`analyze ended with ${done.status}: ${done.stderr}`);
  const [, kilobytes, micros] = /used (\d+) kB (\d+) us/.exec(done.stderr) ?? [];
  return {
    seconds: (performance.now() - begin) / 1000,
    cpuSeconds: Number(micros) / 1e6,
    memoryMiB: Number(kilobytes) / 1024,
  };
}

/** How the report's cost grows with the cells, the requests being the same. */
function measureGrowth(mostUsers: readonly number[]): void {
  const points = mostUsers.map((most) => {
    const own = mkdtempSync(join(tmpdir(), "slbench-report-growth-"));
    try {
      writeResult(own, most, GROWTH_REQUESTS);
      const { cpuSeconds, memoryMiB } = analyzeResult(own);
      const megabytes = statSync(join(own, "report.html")).size / 1e6;
      return { size: THINKS.length * most, seconds: cpuSeconds, memoryMiB, megabytes };
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  });
  const table = markdownTable([
    ["cells", "CPU (s)", "memory (MiB)", "report.html (MB)"],
    ...points.map(({ size, seconds, memoryMiB, megabytes }) => [
      ...[String(size), seconds.toFixed(2), memoryMiB.toFixed(0), megabytes.toFixed(2)],
    ]),
  ]);
  const figure = "performance-growth-cells.svg";
  if (options.record)
    drawGrowth(
      { title: "Processor time of a report", x: "cells", series: [{ name: "slbench analyze", points }] },
      join(workspace, "docs", figure),
    );
  publish(
    "report growth",
    `${describeMachine(new Date())}; ${GROWTH_REQUESTS.toLocaleString("en")} requests each, one run.\n\n${table}\n\n![Processor seconds of a report over cells, both logarithmic](${figure})`,
    options.record,
  );
}

const rows: (readonly string[])[] = [];
let exceeded = 0;
function show(name: string, value: number, unit: string, limit?: number): void {
  const isMet = limit === undefined || value <= limit;
  if (!isMet) exceeded++;
  const goal = limit === undefined ? "" : `at most ${limit} ${unit}: ${verdict(isMet)}`;
  rows.push([name, `${value.toFixed(2)} ${unit}`, goal]);
}

try {
  const requests = writeResult(folder, Number(options.users), Number(options.requests));
  const { seconds, cpuSeconds, memoryMiB } = analyzeResult(folder);
  const report = join(folder, "report.html");
  const cells = THINKS.length * Number(options.users);
  show(`${requests.toLocaleString("en")} requests in ${cells} cells into a report`, seconds, "s");
  show("its processor time", cpuSeconds, "s");
  show("its memory", memoryMiB, "MiB");
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
  const table = markdownTable([["report", "", "goal"], ...rows]);
  publish("report", `${describeMachine(new Date())}.\n\n${table}`, options.record);
  measureGrowth(String(options.growth).split(",").map(Number));
} finally {
  if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
process.exitCode = exceeded > 0 ? 1 : 0;
