import { readdirSync, readFileSync } from "node:fs";

/**
 * Ids of the running processes that were started with `SLBENCH_RUN=<mark>` in their environment.
 *
 * Reads /proc/<pid>/environ, so it also finds processes that have left their parent's process group. Returns an empty
 * list on other systems than Linux. Zombies count as ended.
 */
export function processesWith(mark: string): readonly number[] {
  const found: number[] = [];
  const needle = `SLBENCH_RUN=${mark}\0`;
  let entries: readonly string[] = [];
  try {
    entries = readdirSync("/proc");
  } catch {
    return found;
  }
  for (const entry of entries) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    try {
      // Empty for a zombie, unreadable for other users' processes.
      if (`${readFileSync(`/proc/${entry}/environ`, "latin1")}\0`.includes(needle)) found.push(Number(entry));
    } catch {
      // gone, or not ours
    }
  }
  return found;
}
