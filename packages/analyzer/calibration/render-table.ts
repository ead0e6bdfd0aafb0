import { alignRight, columnWidths } from "../src/core/text-columns.ts";

/** A Markdown table as the formatter writes it: the first column left-aligned, the others right-aligned. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const shortest = head.map((_, column) => (column === 0 ? "---" : "---:"));
  const [first = 0, ...others] = columnWidths([head, shortest, ...rows]);
  const line = ([name = "", ...values]: readonly string[]) =>
    `| ${name.padEnd(first)} | ${alignRight(values, others, " | ")} |`;
  const rule = ["-".repeat(first), ...others.map((width) => `${"-".repeat(width - 1)}:`)];
  return [head, rule, ...rows].map(line).join("\n");
}
