import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** One run of a command. */
export interface Run {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Of its largest process. */
  readonly peakMB: number;
  readonly output: string;
}

const measure = fileURLToPath(new URL("measure.py", import.meta.url));

/** @throws {Error} if the command fails */
export function runMeasured(command: readonly string[]): Run {
  const folder = mkdtempSync(join(tmpdir(), "slbench-measure-"));
  const result = join(folder, "result.json");
  try {
    const done = spawnSync("python3", [measure, result, ...command], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      timeout: 1_800_000,
    });
    if (done.status !== 0) throw new Error(`${command.join(" ")} failed: ${done.stderr}${done.error ?? ""}`);
    const figures = JSON.parse(readFileSync(result, "utf8")) as Omit<Run, "output">;
    return { ...figures, output: done.stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A command with a name, and a check of what it printed. */
export interface Side {
  readonly name: string;
  readonly command: readonly string[];
  check(output: string): void;
}

/** Runs all sides in turn, round by round, after one round that does not count: then files are in memory. */
export function alternate(sides: readonly Side[], rounds: number): ReadonlyMap<string, readonly Run[]> {
  const runs = new Map<string, Run[]>(sides.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, command, check } of sides) {
      const run = runMeasured(command);
      check(run.output);
      if (round > 0) runs.get(name)?.push(run);
    }
  }
  return runs;
}
