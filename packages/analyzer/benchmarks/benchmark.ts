/**
 * Measures what the analyser promises, side by side in one run; ends with 1 where a limit is exceeded.
 *
 * node packages/analyzer/benchmarks/benchmark.ts [--rounds 5] [--only csv,quoted,long,xml,reports] [--keep FOLDER]
 *   [--jmeter PATH]   bin/jmeter of a JMeter; else the one that slbench setup put into the user's cache folder
 *   [--python PATH]   an interpreter that has requirements.txt; else one is made in the cache folder
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { nodeFlags } from "../../../tools/bin/bootstrap.mjs";
import { REQUESTS_PER_USER, writeCsv, writeReports, writeXml } from "./write-logs.ts";

const here = dirname(fileURLToPath(import.meta.url));
const workspace = join(here, "../../..");
const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "csv,quoted,long,xml,reports" },
    keep: { type: "string" },
    jmeter: { type: "string" },
    python: { type: "string" },
  },
});
const rounds = Number(options.rounds);
const cache =
  process.env.SLBENCH_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "slbench");
const folder = options.keep ?? mkdtempSync(join(tmpdir(), "slbench-benchmark-"));

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The most it may be, or the least with `atLeast`. */
  readonly limit?: number;
  readonly atLeast?: true;
}

interface Run {
  readonly seconds: number;
  readonly residentMB: number;
  readonly output: string;
}

function run(command: string, args: readonly string[]): Run {
  const begin = performance.now();
  const done = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 600_000,
  });
  const seconds = (performance.now() - begin) / 1000;
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(" ")} failed: ${done.stderr}${done.error ?? ""}`);
  const residentMB = Number(/resident (\d+) kB/.exec(done.stderr)?.[1] ?? Number.NaN) / 1024;
  return { seconds, residentMB, output: done.stdout };
}

/** Says at its end how much memory a process of Node held at most. */
const REPORT_MEMORY = `data:text/javascript,${encodeURIComponent(
  'process.on("exit",()=>process.stderr.write("resident "+process.resourceUsage().maxRSS+" kB\\n"))',
)}`;
/** The command as it is installed: built. */
const slbench = ["--import", REPORT_MEMORY, ...nodeFlags("analyze"), join(workspace, "tools/dist/main.js")];
const analyze = (log: string, ...more: readonly string[]) =>
  run(process.execPath, [...slbench, "analyze", "--json", ...more, log]);
const samplesIn = ({ output }: Run) =>
  (JSON.parse(output) as { labels: { samples: number }[] }).labels.reduce((sum, one) => sum + one.samples, 0);

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

function findPython(): string {
  if (options.python !== undefined) return options.python;
  const venv = join(cache, "pandas-benchmark");
  const python = join(venv, "bin", "python");
  if (!existsSync(join(venv, "complete"))) {
    run("python3", ["-m", "venv", "--clear", venv]);
    const install = ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "-r"];
    run(python, [...install, join(here, "requirements.txt")]);
    run("touch", [join(venv, "complete")]);
  }
  return python;
}

/** 1 M rows: the whole command, the whole `jmeter -g`, the whole pandas script, by turns. */
function csv(): Figure[] {
  const rows = 1_000_000;
  const log = join(folder, "million.csv");
  const tiny = join(folder, "tiny.csv");
  writeCsv(log, rows);
  writeCsv(tiny, 1);
  const jmeter = options.jmeter ?? join(cache, "jmeter-5.6.3", "bin", "jmeter");
  const python = findPython();
  const ours: Run[] = [];
  const starts: number[] = [];
  const theirs: number[] = [];
  const pandas: { whole: number; bare: number; residentMB: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const one = analyze(log);
    if (samplesIn(one) !== rows) throw new Error(`${samplesIn(one)} samples read, not ${rows}`);
    const start = analyze(tiny);
    const other = run(python, [join(here, "pandas_summary.py"), log]);
    const [count, bare, residentMB] = other.output.trim().split(" ").map(Number) as [number, number, number];
    if (count !== rows) throw new Error(`pandas read ${count} rows`);
    if (round === 0) continue; // into the file cache
    ours.push(one);
    starts.push(start.seconds);
    pandas.push({ whole: other.seconds, bare, residentMB });
    if (round > 2) continue; // 15 s each
    const dashboard = join(folder, "dashboard");
    rmSync(dashboard, { recursive: true, force: true });
    theirs.push(run(jmeter, ["-g", log, "-o", dashboard, "-j", join(folder, "jmeter.log")]).seconds);
  }
  const seconds = median(ours.map((one) => one.seconds));
  const bare = seconds - median(starts);
  const whole = median(pandas.map((one) => one.whole));
  const pandasBare = median(pandas.map((one) => one.bare));
  return [
    { name: "1 M rows, slbench analyze", value: seconds, unit: "s" },
    { name: "1 M rows, jmeter -g", value: median(theirs), unit: "s" },
    { name: "1 M rows, pandas, read and describe", value: whole, unit: "s" },
    { name: "jmeter -g ÷ slbench", value: median(theirs) / seconds, unit: "×", limit: 15, atLeast: true },
    { name: "slbench ÷ pandas", value: seconds / whole, unit: "×", limit: 1 },
    { name: "the same without either one's start", value: bare / pandasBare, unit: "×" },
    {
      name: "1 M rows, memory",
      value: Math.max(...ours.map((one) => one.residentMB)),
      unit: "MB",
      limit: 120,
    },
    { name: "1 M rows, memory, pandas", value: Math.max(...pandas.map((one) => one.residentMB)), unit: "MB" },
  ];
}

/** 10 M rows: memory does not grow. */
function long(): Figure[] {
  const log = join(folder, "ten-million.csv");
  writeCsv(log, 10_000_000);
  const one = analyze(log);
  if (samplesIn(one) !== 10_000_000) throw new Error(`${samplesIn(one)} samples read`);
  rmSync(log);
  return [
    { name: "10 M rows, slbench analyze", value: one.seconds, unit: "s" },
    { name: "10 M rows, memory", value: one.residentMB, unit: "MB", limit: 120 },
  ];
}

/** 1 M rows, each field in quotes; and a selection, for which samples are kept. */
function quoted(): Figure[] {
  const log = join(folder, "quoted.csv");
  const rows = 1_000_000;
  writeCsv(log, rows, { quoted: true });
  const runs = [1, 2, 3].map(() => analyze(log));
  for (const one of runs) if (samplesIn(one) !== rows) throw new Error(`${samplesIn(one)} samples read`);
  const grouped = analyze(log, "--by", "minute", "--filter", "outcome=ok");
  rmSync(log);
  return [
    { name: "1 M quoted rows", value: median(runs.map((one) => one.seconds)), unit: "s" },
    {
      name: "1 M quoted rows, memory",
      value: Math.max(...runs.map((one) => one.residentMB)),
      unit: "MB",
      limit: 120,
    },
    { name: "the same, --by minute --filter", value: grouped.seconds, unit: "s" },
    { name: "the same, memory", value: grouped.residentMB, unit: "MB" },
  ];
}

/** slbench's own clients: memory grows with the requests, because the figures need some of their columns. */
function reports(): Figure[] {
  const log = join(folder, "reports.xml");
  const figures: Figure[] = [];
  const sizes: { requests: number; residentMB: number }[] = [];
  for (const clients of [2000, 5000, 34_000]) {
    writeReports(log, clients);
    const requests = clients * REQUESTS_PER_USER;
    const megabytes = statSync(log).size / 1e6;
    const runs = (clients > 10_000 ? [1] : [1, 2, 3]).map(() => analyze(log));
    for (const { output } of runs) {
      const { cells } = JSON.parse(output) as { cells: { requests: { sent: number } }[] };
      if (cells[0]?.requests.sent !== requests)
        throw new Error(`${cells[0]?.requests.sent} requests read, not ${requests}`);
    }
    const residentMB = Math.max(...runs.map((one) => one.residentMB));
    sizes.push({ requests, residentMB });
    const name = `${Math.round(megabytes)} MB of XML, ${requests} requests`;
    figures.push(
      {
        name,
        value: megabytes / median(runs.map((one) => one.seconds)),
        unit: "MB/s",
        // Below it the start takes most of the time.
        ...(clients > 10_000 && { limit: 100, atLeast: true as const }),
      },
      { name: `${name}, memory`, value: residentMB, unit: "MB", limit: 150 },
    );
  }
  rmSync(log);
  const [least, , most] = sizes as [(typeof sizes)[0], (typeof sizes)[0], (typeof sizes)[0]];
  const bytes = ((most.residentMB - least.residentMB) * 2 ** 20) / (most.requests - least.requests);
  return [...figures, { name: "memory a request", value: bytes, unit: "B" }];
}

/** XML with response data: pages of 20 kB and 2 kB. */
function xml(): Figure[] {
  const log = join(folder, "log.xml");
  const speed = (samples: number) => {
    const runs = [1, 2, 3].map(() => analyze(log));
    for (const one of runs) if (samplesIn(one) !== samples) throw new Error(`${samplesIn(one)} samples read`);
    const megabytes = statSync(log).size / 1e6;
    const residentMB = Math.max(...runs.map((one) => one.residentMB));
    return { megabytes, residentMB, perSecond: megabytes / median(runs.map((one) => one.seconds)) };
  };
  writeXml(log, 50_000, 20_000);
  const large = speed(50_000);
  writeXml(log, 100_000, 2000);
  const small = speed(100_000);
  rmSync(log);
  const size = (megabytes: number) => `${Math.round(megabytes)} MB of XML`;
  return [
    {
      name: `${size(large.megabytes)}, 20 kB a sample`,
      value: large.perSecond,
      unit: "MB/s",
      limit: 100,
      atLeast: true,
    },
    { name: `${size(large.megabytes)}, memory`, value: large.residentMB, unit: "MB", limit: 150 },
    {
      name: `${size(small.megabytes)}, 2 kB a sample`,
      value: small.perSecond,
      unit: "MB/s",
      limit: 100,
      atLeast: true,
    },
    { name: `${size(small.megabytes)}, memory`, value: small.residentMB, unit: "MB", limit: 150 },
  ];
}

run(join(workspace, "node_modules/.bin/tsc"), ["-b", join(workspace, "tools")]);
const sections: Record<string, () => readonly Figure[]> = { csv, quoted, long, xml, reports };
let exceeded = 0;
try {
  for (const name of options.only.split(",")) {
    const section = sections[name];
    if (section === undefined)
      throw new Error(`no section ${name}; there are ${Object.keys(sections).join(", ")}`);
    for (const { name: what, value, unit, limit, atLeast } of section()) {
      const over = limit !== undefined && !(atLeast ? value >= limit : value <= limit);
      if (over) exceeded++;
      const bound =
        limit === undefined
          ? ""
          : `  ${atLeast ? "at least" : "at most"} ${limit}  ${over ? "FAIL" : "pass"}`;
      console.log(
        `${name.padEnd(5)} ${what.padEnd(44)} ${value.toFixed(2).padStart(8)} ${unit.padEnd(4)}${bound}`,
      );
    }
  }
} finally {
  if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
process.exit(exceeded > 0 ? 1 : 0);
