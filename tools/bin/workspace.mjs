// npm test, npm run check …: set-up first, then nx, all under the Node that the tools need.

import { spawnSync } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import {
  installWorkspace,
  markBuilt,
  nodeBinary,
  projects,
  sourceFlags,
  workspaceRoot,
} from "./bootstrap.mjs";

installWorkspace({ withDevelopment: true });
const node = nodeBinary();
const bin = join(workspaceRoot, "node_modules", ".bin");
const env = { ...process.env, PATH: [dirname(node), bin, process.env.PATH].join(delimiter), NX_TUI: "false" };

const nx = ["nx", "run-many", "--outputStyle=stream", "-t"];
const source = (file) => [node, ...sourceFlags, file];
const setup = [...source("tools/src/main.ts"), "setup"];
/** Not available on every platform; its tests then report that they are skipped. */
const setupTensorflow = [...setup, "--backend", "native"];
const sources = projects.map((project) => `${project}/src`);
/** Compiles and bundles, whatever nx has in its cache. */
const compile = [
  ["tsc", "-b", ...projects],
  [node, "tools/scripts/bundle.mjs"],
];
/** The packages as npm publishes them: `npm run pack -- --pack-destination FOLDER`. */
const pack = [
  [node, "tools/scripts/remove-stale.mjs"],
  ...compile,
  ["npm", "pack", "--silent", ...projects.flatMap((project) => ["--workspace", project])],
];
const tasks = {
  test: [setup, setupTensorflow, [...nx, "test", "--parallel=1"]],
  build: [[...nx, "build"]],
  pack,
  lint: [[...nx, "lint"]],
  check: [setup, setupTensorflow, [...nx, "lint", "build"], [...nx, "test", "--parallel=1"]],
  "test:watch": [["vitest", "watch"]],
  coverage: [setup, setupTensorflow, ["vitest", "run", "--coverage"]],
  typecheck: [
    ["tsc", "-b"],
    ["tsc", "-p", "benchmarks"],
  ],
  "lint:fix": [["biome", "check", "--write", "."]],
  docs: [
    source("tools/scripts/write-docs.ts"),
    source("packages/analyzer/figures/draw.ts"),
    [node, "docs/node_modules/typedoc/bin/typedoc", "--options", "docs/typedoc.json"],
    ["vitepress", "build", "docs"],
  ],
  "docs:preview": [["vitepress", "preview", "docs"]],
  bench: [setup, setupTensorflow, ...compile, source("benchmarks/bench.ts")],
  "bench:find": [source("packages/analyzer/calibration/find/bench-find.ts")],
  calibrate: [source("packages/analyzer/calibration/calibrate.ts")],
  "check:deno": [
    ["deno", "check", "--conditions=@slbench/source", ...sources],
    ["deno", "run", "-A", "--conditions=@slbench/source", "tools/src/main.ts", "--help"],
  ],
};
const [task, ...rest] = process.argv.slice(2);
const steps = tasks[task];
if (steps === undefined) {
  process.stderr.write(`usage: workspace.mjs ${Object.keys(tasks).join("|")}\n`);
  process.exit(2);
}
const startedAt = new Date();
for (const [index, step] of steps.entries()) {
  const [command, ...args] = index === steps.length - 1 ? [...step, ...rest] : step;
  const done = spawnSync(command, args, { cwd: workspaceRoot, env, stdio: "inherit" });
  if (done.status !== 0 && step !== setupTensorflow) {
    if (done.error) process.stderr.write(`slbench: cannot run ${command}: ${done.error.message}\n`);
    process.exit(done.status ?? 1);
  }
}
const isWhole = rest.length === 0;
if (isWhole && (task === "build" || task === "check")) markBuilt(startedAt);
