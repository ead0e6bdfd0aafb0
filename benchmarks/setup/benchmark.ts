/**
 * From a clone to the first report, with empty caches of slbench, npm, Maven and pip, so everything is downloaded. Once:
 * it takes minutes, and most of it depends on the network.
 *
 *   npm run bench -- --only setup [--record]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, markdownTable, publish, verdict } from "../lib/record.ts";

const { values: options } = parseArgs({ options: { record: { type: "boolean", default: false } } });
const MAX_SECONDS = 150;
/** Half of what version 0.1.0 installed. */
const MAX_MB = 347;

const workspace = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "slbench-bench-setup-"));
const clone = join(folder, "slbench");
const caches = {
  SLBENCH_CACHE: join(folder, "cache"),
  npm_config_cache: join(folder, "npm"),
  MAVEN_OPTS: `-Dmaven.repo.local=${join(folder, "maven")}`,
  PIP_NO_CACHE_DIR: "1",
};

/** Without what npm and the launcher set for the script that this one is: the clone finds its own Node and packages. */
const inherited = Object.entries(process.env).filter(
  ([name]) => !/^npm_(config|package|lifecycle)_/.test(name),
);
const searched = (process.env.PATH ?? "").split(delimiter).filter((path) => !path.includes("node_modules"));
const env = { ...Object.fromEntries(inherited), ...caches, PATH: searched.join(delimiter) };

/** @returns what it printed, and its seconds */
function run(command: string, args: readonly string[], cwd: string) {
  const begin = performance.now();
  const done = spawnSync(command, args, { cwd, env, encoding: "utf8", maxBuffer: 1 << 26 });
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${done.status}: ${done.stdout}${done.stderr}`);
  return { output: done.stdout, seconds: (performance.now() - begin) / 1000 };
}

const megabytesOf = (path: string) =>
  (Number(run("du", ["-sk", path], folder).output.split("\t")[0]) * 1024) / 1e6;

let isMissed = false;
function judge(isMet: boolean): string {
  if (!isMet) isMissed = true;
  return verdict(isMet);
}

try {
  const cloned = run("git", ["clone", "--quiet", workspace, clone], folder);
  const setUp = run("node", ["tools/bin/slbench.mjs", "setup"], clone);
  const started = run("npm", ["start", "--silent"], clone);
  if (!started.output.includes("Report: ")) throw new Error(`no report was written: ${started.output}`);
  const seconds = cloned.seconds + setUp.seconds + started.seconds;
  const modules = megabytesOf(join(clone, "node_modules"));
  const downloads = megabytesOf(caches.SLBENCH_CACHE);
  const table = markdownTable([
    ["from a clone to the first report", "", "goal"],
    ["packages, build, client, JMeter, ffmpeg, face detector", `${setUp.seconds.toFixed(0)} s`, ""],
    ["`npm start`: nine cells and their report", `${started.seconds.toFixed(0)} s`, ""],
    ["all", `${seconds.toFixed(0)} s`, `at most ${MAX_SECONDS} s: ${judge(seconds <= MAX_SECONDS)}`],
    ["`node_modules`", `${modules.toFixed(0)} MB`, `at most ${MAX_MB} MB: ${judge(modules <= MAX_MB)}`],
    ["slbench's cache", `${downloads.toFixed(0)} MB`, ""],
  ]);
  publish(
    "setup",
    `${describeMachine(new Date())}; once, with empty caches of slbench, npm, Maven and pip.\n\n${table}`,
    options.record,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isMissed ? 1 : 0;
