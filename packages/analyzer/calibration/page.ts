import { alignRight, columnWidths } from "../src/core/text-columns.ts";
import { PLACED } from "./changes.ts";
import { shareOf } from "./claims.ts";
import { CHANGES_TITLE, type Judged, judgeAll } from "./findings.ts";
import { knownMiss } from "./known-misses.ts";
import { SECTIONS } from "./sections.ts";
import type { SuiteResult, SuiteSize } from "./suite.ts";
import type { Count } from "./tally.ts";

/** docs/calibration.md: every claim with how often it held. */
export function renderPage(result: SuiteResult, size: SuiteSize): string {
  const judged = judgeAll(result);
  const misses = judged.filter(({ finding }) => finding === "miss");
  return [
    introduction(size, judged.length, misses),
    ...SECTIONS.map(({ title, text }) => section(title, text, judged)),
    section(CHANGES_TITLE, CHANGES_TEXT, judged),
    placed(result.changes.get(PLACED)),
  ]
    .join("\n\n")
    .concat("\n");
}

const CHANGES_TEXT =
  "One host that shares its processor and is always busy, 37 requests of each user without think time (rows: number of users), demand varies by 10%. The host becomes 20% faster or slower at a random moment in the middle 60% of the run. _Independent values_ vary by 10% as well.";

function introduction(
  { seed, truthRuns, experiments, changes }: SuiteSize,
  claims: number,
  misses: readonly Judged[],
): string {
  return `# Calibration

What a report claims is right only if it holds when the run is repeated. \`npm run calibrate\` checks this on simulated hosts, of which the truth is known, and writes this page: do not edit it. The hosts are in \`packages/analyzer/calibration/scenarios.ts\`, [the choice of the methods](decisions/intervals.md) in the decisions.

Each figure is the share of simulated experiments in which something happened, such as "the 95% interval held the true mean". Seed ${seed}; ${experiments} experiments of each scenario with ten runs each, which make 3 groups of three runs and 2 of five; ${changes} runs for each number of users with a change; each truth from ${truthRuns} runs. A share of 0.95 from ${experiments} experiments has a Monte-Carlo error of ${errorOf(0.95, experiments)}, from ${3 * experiments} groups ${errorOf(0.95, 3 * experiments)}; a share of 0.05 has the same.

- **miss**: outside of what is claimed by more than two Monte-Carlo errors. Intervals may be off by 3 points (0.92 to 0.98), wrong verdicts at a nominal 5% may be at most 6%.
- _wide_: the interval holds more often than it says. It is safe, and wider than it could be.
- _in 40%_: shown in so many of the experiments. _–_: not shown, because the runs tell too little.

${misses.length} of ${claims} figures are misses.${misses.length > 0 ? ` What is known of them:\n\n${reasons(misses)}` : ""}`;
}

function reasons(misses: readonly Judged[]): string {
  const byReason = new Map<string, number>();
  for (const miss of misses) {
    const reason = knownMiss(miss) ?? "Not explained yet.";
    byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  }
  return [...byReason].map(([reason, count]) => `- ${count}: ${reason}`).join("\n");
}

function section(title: string, text: string, judged: readonly Judged[]): string {
  const own = judged.filter((one) => one.section === title);
  const columns = [...new Set(own.map((one) => one.column))];
  const rows = [...new Set(own.map((one) => one.row))];
  const lines = rows.map((row) => {
    const cells = columns.map((column) =>
      formatCell(own.find((one) => one.row === row && one.column === column)),
    );
    return [row, ...cells];
  });
  return `## ${title}\n\n${text}\n\n${table(["", ...columns], lines)}`;
}

/** A Markdown table as the formatter writes it: the first column left-aligned, the others right-aligned. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const shortest = head.map((_, column) => (column === 0 ? "---" : "---:"));
  const [first = 0, ...others] = columnWidths([head, shortest, ...rows]);
  const line = ([name = "", ...values]: readonly string[]) =>
    `| ${name.padEnd(first)} | ${alignRight(values, others, " | ")} |`;
  const rule = ["-".repeat(first), ...others.map((width) => `${"-".repeat(width - 1)}:`)];
  return [head, rule, ...rows].map(line).join("\n");
}

function formatCell(judged: Judged | undefined): string {
  if (judged === undefined) return "";
  const { count, finding } = judged;
  if (finding === "not shown") return "–";
  const all = count.trials + count.withheld;
  const share = shareOf(count).share.toFixed(3);
  const mark = { right: share, wide: `${share} _wide_`, miss: `**${share} miss**` }[finding];
  return count.withheld === 0 ? mark : `${mark}, in ${formatShown(count.trials / all)}`;
}

const formatShown = (share: number) => (share < 0.01 ? "<1%" : `${Math.round(100 * share)}%`);

function placed(count: Count | undefined): string {
  if (count === undefined) return "";
  const { share, error } = shareOf(count);
  return `A host that becomes 27% faster after request 8 of each of 7 users, 37 requests each: named as changed, with the place right to 2 requests of each user, in ${share.toFixed(3)} of ${count.trials} runs (Monte-Carlo error ${error.toFixed(3)}).`;
}

const errorOf = (share: number, trials: number) => Math.sqrt((share * (1 - share)) / trials).toFixed(4);
