/**
 * All benchmarks, or some of them: npm run bench -- --only read,function [--record] [options of the benchmark].
 * `--record` writes what was measured into docs/performance.md.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ALL = ["read", "function", "start", "setup", "client", "scale", "report", "plans"];
const args = process.argv.slice(2);
const at = args.indexOf("--only");
const names = at < 0 ? ALL : (args[at + 1] ?? "").split(",");
const rest = at < 0 ? args : [...args.slice(0, at), ...args.slice(at + 2)];
const unknown = names.find((name) => !ALL.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`no benchmark "${unknown}"\n  Next: name some of ${ALL.join(", ")}\n`);
  process.exit(2);
}
const flags = ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"];
let status = 0;
for (const name of names) {
  console.log(`\n${name}\n`);
  const script = fileURLToPath(new URL(`${name}/benchmark.ts`, import.meta.url));
  // Plans are generated so fast that only repetitions within a process show it.
  const done =
    name === "plans"
      ? spawnSync("vitest", ["bench", "--run"], { stdio: "inherit" })
      : spawnSync(process.execPath, [...flags, script, ...rest], { stdio: "inherit" });
  status ||= done.status ?? 1;
}
process.exitCode = status;
