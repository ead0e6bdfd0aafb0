/**
 * Measures how long the command line takes to start, as whole processes: on the Node of the workspace and on the one that
 * npm runs on, if that is another one.
 *
 *   npm run bench -- --only start [--rounds 21] [--record]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, markdownTable, publish, verdict } from "../lib/record.ts";
import { type MedianInterval, medianInterval } from "../lib/statistics.ts";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "21" }, record: { type: "boolean", default: false } },
});
const launcher = fileURLToPath(new URL("../../tools/bin/slbench.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "slbench-start-benchmark-"));
const log = join(folder, "small.csv");
const rows = Array.from({ length: 10 }, (_, index) => `${1_700_000_000_000 + index},250,GET,200,T 1-1,true`);
writeFileSync(log, `timeStamp,elapsed,label,responseCode,threadName,success\n${rows.join("\n")}\n`);

const COMMANDS = [
  { name: "slbench --version", args: ["--version"], limit: 0.1 },
  { name: "slbench analyze --no-report, 10 rows", args: ["analyze", "--no-report", log], limit: 0.15 },
];

/** By their versions; npm puts the workspace's own Node first on the path. */
function nodes(): ReadonlyMap<string, string> {
  const found = new Map([[process.versions.node, process.execPath]]);
  const other = process.env.npm_node_execpath;
  if (other !== undefined) {
    const { stdout, error } = spawnSync(other, ["--version"], { encoding: "utf8" });
    if (error !== undefined) throw error;
    found.set(stdout.trim().replace("v", ""), other);
  }
  return found;
}

/** The seconds that a command takes, and those of Node with an empty script, in turn. */
function time(node: string, args: readonly string[]): Readonly<Record<"slbench" | "empty", MedianInterval>> {
  const seconds = { slbench: [] as number[], empty: [] as number[] };
  const runs = { slbench: [launcher, ...args], empty: ["--eval", "0"] };
  for (let round = -2; round < Number(options.rounds); round++) {
    for (const name of ["slbench", "empty"] as const) {
      const begin = performance.now();
      const { status, stderr } = spawnSync(node, runs[name], { encoding: "utf8" });
      if (status !== 0) throw new Error(`${runs[name].join(" ")} ended with ${status}: ${stderr}`);
      if (round >= 0) seconds[name].push((performance.now() - begin) / 1000);
    }
  }
  return { slbench: medianInterval(seconds.slbench), empty: medianInterval(seconds.empty) };
}

let missed = 0;
try {
  const table = [["command", "Node", "wall (s)", "of which Node itself (s)", "goal"]];
  for (const { name, args, limit } of COMMANDS) {
    for (const [version, node] of nodes()) {
      const { slbench, empty } = time(node, args);
      const { median, low, high } = slbench;
      const isMet = high <= limit;
      if (!isMet) missed++;
      table.push([
        ...[name, version, `${median.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`],
        empty.median.toFixed(3),
        `at most ${limit}: ${verdict(isMet)}`,
      ]);
    }
  }
  publish(
    "start",
    `${describeMachine(new Date())}; whole processes in a clone, medians of ${options.rounds} starts with their 95% intervals.\n\n${markdownTable(table)}`,
    options.record,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = missed > 0 ? 1 : 0;
