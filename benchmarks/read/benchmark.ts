/**
 * Reading logs with `slbench analyze`, beside polars, DuckDB, pandas and JMeter: whole processes in turn, ratios within
 * a round. Ends with 1 if a goal is missed.
 *
 * npm run bench -- --only read [--record] [--rounds 15] [--sections million,growth,kinds] [--keep FOLDER]
 *   [--jmeter-rounds 3] [--jmeter PATH]   bin/jmeter of a JMeter; else the one that slbench setup put into the cache folder
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { drawGrowth } from "../lib/draw-growth.ts";
import { alternate, type Run, runMeasured, type Side } from "../lib/processes.ts";
import { cacheFolder, pinned, pythonWith } from "../lib/python.ts";
import { describeMachine, markdownTable, publish, ratioVerdict, verdict } from "../lib/record.ts";
import { formatRatio, type MedianInterval, median, ratios } from "../lib/statistics.ts";
import { REQUESTS_PER_USER, writeCsv, writeReports, writeXml } from "./write-logs.ts";

const SECTIONS = ["million", "growth", "kinds"];
const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    sections: { type: "string", default: SECTIONS.join(",") },
    record: { type: "boolean", default: false },
    keep: { type: "string" },
    jmeter: { type: "string" },
    "jmeter-rounds": { type: "string", default: "3" },
  },
});
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const requirements = path("requirements.txt");
const folder = options.keep ?? mkdtempSync(join(tmpdir(), "slbench-bench-read-"));
const isRecorded = options.record;
let missed = 0;

/** A goal's verdict; counts the misses. */
function judge(isMet: boolean): string {
  if (!isMet) missed++;
  return verdict(isMet);
}

function judgeRatio(ratio: MedianInterval, atMost: number): string {
  if (ratio.low > atMost) missed++;
  return ratioVerdict(ratio, { atMost });
}

const analyze = [process.execPath, path("../../tools/bin/slbench.mjs"), "analyze"];
const slbench = [...analyze, "--json"];
const samplesIn = (output: string) =>
  (JSON.parse(output) as { labels: { samples: number }[] }).labels.reduce((sum, one) => sum + one.samples, 0);
const expectRows = (rows: number, found: number) => {
  if (found !== rows) throw new Error(`${found} rows read, not ${rows}`);
};

const ours = (log: string, rows: number): Side => ({
  name: "slbench analyze",
  command: [...slbench, log],
  check: (output) => expectRows(rows, samplesIn(output)),
});

function competitor(name: string, log: string, rows: number): Side {
  const script = path(`competitors/with_${name.toLowerCase()}.py`);
  const command = [pythonWith(requirements), script, log];
  return { name, command, check: (output) => expectRows(rows, Number(output)) };
}

/** With the page that shows what JMeter's dashboard does. */
const page = (log: string): Side => ({
  name: "slbench analyze, with its page",
  command: [...analyze, log, "--report", join(folder, "page.html")],
  check: (output) => {
    if (!output.includes("Report: ")) throw new Error("no page was written");
  },
});

function jmeter(log: string): Side {
  const program = options.jmeter ?? join(cacheFolder, "jmeter-5.6.3", "bin", "jmeter");
  const dashboard = join(folder, "dashboard");
  const command = [program, "-g", log, "-o", dashboard, "-j", join(folder, "jmeter.log")];
  return { name: "jmeter -g", command, check: () => rmSync(dashboard, { recursive: true }) };
}

const wall = (runs: readonly Run[] = []) => runs.map(({ wallSeconds }) => wallSeconds);
const cpu = (runs: readonly Run[] = []) => runs.map(({ cpuSeconds }) => cpuSeconds);
const peak = (runs: readonly Run[] = []) => Math.max(...runs.map(({ peakMB }) => peakMB));

/** 1 M rows: all side by side; JMeter, at 15 s each, less often. */
function million(): void {
  const rows = 1_000_000;
  const log = join(folder, "million.csv");
  writeCsv(log, rows);
  const quick = ["polars", "DuckDB", "pandas"].map((name) => competitor(name, log, rows));
  const runs = alternate([ours(log, rows), ...quick], Number(options.rounds));
  const slow = alternate([ours(log, rows), page(log), jmeter(log)], Number(options["jmeter-rounds"]));
  const beside = (name: string) => (runs.has(name) ? runs : slow);
  const ratioOf = (figure: typeof wall, name: string, own = "slbench analyze") =>
    ratios(figure(beside(name).get(own)), figure(beside(name).get(name)));
  const rowOf = (name: string, goal: string, of: (figure: typeof wall) => string) => {
    const own = beside(name).get(name);
    const seconds = [wall, cpu].map((figure) => median(figure(own)).toFixed(2));
    return [name, ...seconds, of(wall), of(cpu), peak(own).toFixed(0), goal];
  };
  const memory = peak(runs.get("slbench analyze"));
  const lines = [...quick.map(({ name }) => name), "jmeter -g"].map((name) => {
    const goal = name === "polars" ? `wall at most 1: ${judgeRatio(ratioOf(wall, name), 1)}` : "";
    return rowOf(name, goal, (figure) => formatRatio(ratioOf(figure, name)));
  });
  const pageRatio = ratioOf(wall, "jmeter -g", page(log).name);
  const pageGoal = `${formatRatio(pageRatio)} of jmeter -g, at most 0.05: ${judgeRatio(pageRatio, 0.05)}`;
  const table = markdownTable([
    ["", "wall (s)", "CPU (s)", "slbench ÷ it, wall", "slbench ÷ it, CPU", "peak memory (MB)", "goal"],
    rowOf("slbench analyze", `at most 150 MB: ${judge(memory <= 150)}`, () => "1"),
    ...lines,
    rowOf(page(log).name, pageGoal, () => ""),
  ]);
  const size = Math.round(statSync(log).size / 1e6);
  publish(
    "read million",
    `${describeMachine(new Date())}; ${pinned(requirements).join(", ")}, JMeter 5.6.3. 1 M rows of JMeter's default columns (${size} MB, five labels, one of them quoted because of its comma); whole processes in turn, medians of ${options.rounds} rounds (JMeter: ${options["jmeter-rounds"]}) with 95% intervals of the ratios.\n\n${table}`,
    isRecorded,
  );
}

const GROWTH_ROWS = [10_000, 100_000, 1_000_000, 10_000_000];

/** How time and memory grow with the rows. */
function growth(): void {
  const series = new Map<string, { size: number; seconds: number; peakMB: number }[]>();
  for (const rows of GROWTH_ROWS) {
    const log = join(folder, "growth.csv");
    writeCsv(log, rows);
    const sides = [
      ours(log, rows),
      ...["polars", "DuckDB", "pandas"].map((name) => competitor(name, log, rows)),
    ];
    for (const [name, runs] of alternate(sides, rows > 1_000_000 ? 1 : 3)) {
      // What a processor was busy: others on the machine hardly change it.
      const point = { size: rows, seconds: median(cpu(runs)), peakMB: peak(runs) };
      series.set(name, [...(series.get(name) ?? []), point]);
    }
    rmSync(log);
  }
  const names = [...series.keys()];
  const table = markdownTable([
    ["rows", ...names.map((name) => `${name} (CPU s / MB)`)],
    ...GROWTH_ROWS.map((rows, index) => [
      rows.toLocaleString("en").replaceAll(",", " "),
      ...names.map((name) => {
        const { seconds = Number.NaN, peakMB = Number.NaN } = series.get(name)?.[index] ?? {};
        return `${seconds.toFixed(2)} / ${peakMB.toFixed(0)}`;
      }),
    ]),
  ]);
  const longest = series.get("slbench analyze")?.at(-1)?.peakMB ?? Number.NaN;
  const goal = `Goal: 10 M rows in at most 150 MB: ${judge(longest <= 150)}.`;
  const figure = "performance-growth.svg";
  if (isRecorded)
    drawGrowth(
      {
        ...{ title: "Time to read a log", x: "rows" },
        series: [...series].map(([name, points]) => ({ name, points })),
      },
      path(`../../docs/${figure}`),
    );
  publish(
    "read growth",
    `${describeMachine(new Date())}; whole processes, medians of 3 rounds (10 M rows: 1), memory at most. ${goal}\n\n${table}\n\n![Processor seconds over rows, both logarithmic](${figure})`,
    isRecorded,
  );
}

/** Other kinds of logs: quoted rows, XML with response data, clients' reports. */
function kinds(): void {
  const log = join(folder, "log");
  const measured = (name: string, args: readonly string[] = [], rounds = 3) => {
    const runs = Array.from({ length: rounds }, () => runMeasured([...slbench, ...args, log]));
    const megabytes = statSync(log).size / 1e6;
    const seconds = median(wall(runs));
    const row = (goal: string) => [
      ...[name, megabytes.toFixed(0), seconds.toFixed(2), median(cpu(runs)).toFixed(2)],
      ...[(megabytes / seconds).toFixed(0), peak(runs).toFixed(0), goal],
    ];
    return { row, speed: megabytes / seconds, output: runs[0]?.output ?? "" };
  };
  writeCsv(log, 1_000_000, { quoted: true });
  const quoted = measured("CSV, 1 M rows, every field quoted");
  expectRows(1_000_000, samplesIn(quoted.output));
  const filtered = measured(
    "the same with --by minute --filter",
    ["--by", "minute", "--filter", "outcome=ok"],
    3,
  );
  writeXml(log, 50_000, 20_000);
  const large = measured("XML, 20 kB of response data a sample");
  expectRows(50_000, samplesIn(large.output));
  writeXml(log, 450_000, 2000);
  const small = measured("XML, 2 kB of response data a sample");
  expectRows(450_000, samplesIn(small.output));
  const clients = 5000;
  writeReports(log, clients);
  const reports = measured(
    `XML, clients' reports of ${clients * REQUESTS_PER_USER} requests`,
    ["--part", "whole"],
    3,
  );
  const [cell] = (JSON.parse(reports.output) as { cells: { requests: { sent: number } }[] }).cells;
  expectRows(clients * REQUESTS_PER_USER, cell?.requests.sent ?? 0);
  rmSync(log);
  const fast = (speed: number) => `1000 MB/s: ${judge(speed >= 1000)}`;
  const table = markdownTable([
    ["log", "MB", "wall (s)", "CPU (s)", "MB/s, wall", "peak memory (MB)", "goal"],
    ...[
      quoted.row(""),
      filtered.row(""),
      large.row(fast(large.speed)),
      small.row(fast(small.speed)),
      reports.row(""),
    ],
  ]);
  publish(
    "read kinds",
    `${describeMachine(new Date())}; whole processes, medians of 3 runs.\n\n${table}`,
    isRecorded,
  );
}

const sections: Readonly<Record<string, () => void>> = { million, growth, kinds };
try {
  for (const name of options.sections.split(",")) {
    const section = sections[name];
    if (section === undefined) throw new Error(`no section "${name}": name some of ${SECTIONS.join(", ")}`);
    section();
  }
} finally {
  if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
process.exitCode = missed > 0 ? 1 : 0;
