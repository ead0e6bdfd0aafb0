import { PLACED } from "./changes.ts";
import { shareOf } from "./claims.ts";
import { CHANGES_TITLE, type Judged, judgeAll } from "./findings.ts";
import { knownMiss } from "./known-misses.ts";
import { renderTable } from "./render-table.ts";
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
  "One host that shares its processor and is always busy: each user sends 37 requests without think time, and the demand varies by 10%. Rows: number of users. The host becomes 20% faster or slower at a random moment in the middle 60% of the run. _Independent values_ vary by 10% as well.";

function introduction(
  { seed, truthRuns, experiments, changes }: SuiteSize,
  claims: number,
  misses: readonly Judged[],
): string {
  return `# Calibration

A claim in a report is right only if it still holds when the run is repeated. \`npm run calibrate\` checks this on simulated hosts, whose true figures are known, and generates this page; do not edit it by hand. \`packages/analyzer/calibration/scenarios.ts\` defines the hosts, and [a decision](decisions/intervals.md) explains the choice of methods.

Each figure is the share of simulated experiments in which something happened, such as "the 95% interval contained the true mean". The seed is ${seed}. Each scenario has ${experiments} experiments of ten runs, which make 3 groups of three runs and 2 of five. Changes within a run are tested in ${changes} runs per number of users. Each true figure comes from ${truthRuns} runs. A share of 0.95 or 0.05 has a Monte-Carlo error of ${errorOf(0.95, experiments)} over ${experiments} experiments, and of ${errorOf(0.95, 3 * experiments)} over ${3 * experiments} groups.

- **miss**: outside the accepted range by more than two Monte-Carlo errors. The range is 0.92 to 0.98 for 95% intervals, and up to 6% for wrong verdicts at a nominal 5%.
- _wide_: the interval contains the true figure more often than it claims. It is safe, but wider than necessary.
- _in 40%_: slbench showed the figure in only 40% of the experiments. _–_: slbench never showed it, because the runs contain too little data.

${misses.length} of ${claims} figures are misses.${misses.length > 0 ? ` Their causes, as far as known:\n\n${reasons(misses)}` : ""}`;
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
  return `## ${title}\n\n${text}\n\n${renderTable(["", ...columns], lines)}`;
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
  return `If a host becomes 27% faster after request 8 of 37 of each of 7 users, slbench reports the change within 2 requests per user of its true position in ${share.toFixed(3)} of ${count.trials} runs (Monte-Carlo error ${error.toFixed(3)}).`;
}

const errorOf = (share: number, trials: number) => Math.sqrt((share * (1 - share)) / trials).toFixed(4);
