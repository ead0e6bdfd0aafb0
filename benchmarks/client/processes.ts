import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** Wall and CPU (user and system) of one run, milliseconds; the mean over `times` runs one after another. */
export function timeRuns(
  command: Command,
  times: number,
): { readonly wallMs: number; readonly cpuMs: number } {
  // bash reports its children's CPU time; Node does not.
  const script = `TIMEFORMAT='%6R %6U %6S'; time for ((i = 0; i < ${times}; i++)); do "$@" > /dev/null || exit 9; done`;
  const done = spawnSync("bash", ["-c", script, "bash", ...command], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command.join(" ")} failed: ${done.stderr}`);
  const [wall = 0, user = 0, system = 0] = (done.stderr.trim().split("\n").at(-1) ?? "")
    .split(" ")
    .map(Number);
  return { wallMs: (1000 * wall) / times, cpuMs: (1000 * (user + system)) / times };
}

/** Largest resident memory of a run, MiB: the kernel's high-water mark, read until the process ends. */
export async function measurePeakMemory(command: Command): Promise<number> {
  const child = start(command);
  let peak = 0;
  while (child.exitCode === null && child.signalCode === null) {
    peak = Math.max(peak, readField(`/proc/${child.pid}/status`, "VmHWM"));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return peak / 1024;
}

/** Mean share of memory (PSS) of processes that run at once, MiB. */
export function measureShare(children: readonly ChildProcess[]): number {
  const shares = children.map((child) => readField(`/proc/${child.pid}/smaps_rollup`, "Pss"));
  return shares.reduce((sum, value) => sum + value, 0) / shares.length / 1024;
}

export function start(command: Command): ChildProcess {
  const [program, ...args] = command;
  return spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
}

/** Everything that a process prints. @throws if it fails */
export async function outputOf(child: ChildProcess): Promise<string> {
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`a client ended with ${code}`);
  return text;
}

/** A field in kB; 0 if the process has gone. */
function readField(file: string, name: string): number {
  try {
    return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(readFileSync(file, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
