// The guard's process, see guard.ts. It outlives the process that started it by a few seconds at most.
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { processesWith } from "./marked.ts";

const mark = process.argv[2] ?? "";
const groups = new Set<number>();
const folders = new Set<string>();
let rest = "";

process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk: string) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const [what, value = ""] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
    if (what === "group" && Number(value) > 1) groups.add(Number(value));
    if (what === "folder") folders.add(value);
  }
});
process.stdin.on("end", () => void sweep());
process.stdin.on("error", () => void sweep());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});

/** SIGTERM, two seconds, SIGKILL; twice, for processes that were started meanwhile. */
async function sweep(): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL", "SIGKILL"] as const) {
    if (!send(signal)) break;
    for (let i = 0; i < 40 && send(0); i++) await sleep(50);
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

/** Returns whether any process received the signal. */
function send(signal: NodeJS.Signals | 0): boolean {
  let wasReceived = false;
  for (const target of [...[...groups].map((pgid) => -pgid), ...processesWith(mark)]) {
    try {
      process.kill(target, signal);
      wasReceived = true;
    } catch {
      // has ended
    }
  }
  return wasReceived;
}
