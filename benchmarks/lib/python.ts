import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

export const cacheFolder =
  process.env.SLBENCH_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "slbench");

/**
 * The interpreter of a virtual environment in the cache folder that has what a requirements.txt pins; made once, and
 * anew if the file changed.
 * @throws {Error} if it cannot be made
 */
export function pythonWith(requirements: string): string {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const folder = join(cacheFolder, `bench-${hash}`);
  const python = join(folder, "bin", "python");
  if (existsSync(join(folder, "complete"))) return python;
  process.stderr.write(`making ${folder} of ${requirements}\n`);
  run("python3", ["-m", "venv", "--clear", folder]);
  run(python, ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "-r", requirements]);
  writeFileSync(join(folder, "complete"), "");
  return python;
}

/** Names and versions of what a requirements.txt pins: `polars 2.1.0`. */
export const pinned = (requirements: string): readonly string[] =>
  readFileSync(requirements, "utf8")
    .split("\n")
    .filter((line) => line.includes("=="))
    .map((line) => line.trim().replace("==", " "));

function run(command: string, args: readonly string[]): void {
  const done = spawnSync(command, args, { stdio: ["ignore", 2, 2] });
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${done.error ?? done.status}`);
}
