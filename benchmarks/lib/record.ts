import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { MedianInterval } from "./statistics.ts";

const page = fileURLToPath(new URL("../../docs/performance.md", import.meta.url));

/**
 * `2026-11-26, 2 cores (AMD EPYC), 24 GB, Linux x64, Node 22.23.3, load average 0.4`: if the load average exceeds the
 * cores by far, others used the machine, and wall times are longer than on an idle one.
 */
export function describeMachine(now: Date): string {
  const model = cpus()[0]?.model.replaceAll(/\s+/g, " ").trim() ?? "unknown";
  const memory = Math.round(totalmem() / 1e9);
  const system = process.platform === "linux" ? "Linux" : process.platform;
  return `${now.toISOString().slice(0, 10)}, ${availableParallelism()} cores (${model}), ${memory} GB, ${system} ${process.arch}, Node ${process.versions.node}, load average ${loadavg()[1]?.toFixed(1)}`;
}

/** A Markdown table, padded as the formatter does. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] as number)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.slice(1).map(line)].join("\n");
}

/** Prints a section's Markdown; with `--record` it also replaces that section of docs/performance.md. */
export function publish(section: string, markdown: string, isRecorded: boolean): void {
  console.log(`\n${markdown}\n`);
  if (!isRecorded) return;
  const [begin, end] = [`<!-- ${section} -->`, `<!-- end of ${section} -->`];
  const text = readFileSync(page, "utf8");
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no section ${section}`);
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${markdown}\n\n${text.slice(to)}`);
}

/** A goal and whether it is met: misses are marked as such. */
export const verdict = (isMet: boolean): string => (isMet ? "met" : "**missed**");

/** Whether a ratio is at most, or at least, so much: only its whole interval decides. */
export function ratioVerdict({ low, high }: MedianInterval, { atMost = Infinity, atLeast = 0 }): string {
  if (high <= atMost && low >= atLeast) return "met";
  return low > atMost || high < atLeast ? "**missed**" : "not decided by these runs";
}
