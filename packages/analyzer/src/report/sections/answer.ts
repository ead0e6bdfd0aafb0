import type { Summary } from "../../analyze.ts";
import { areOpenLoops } from "../../core/condition.ts";
import { escapeHtml } from "../markup.ts";
import { type Judging, type ServingLimits, servedRate, servedUsers } from "../serving.ts";
import { limitPercent } from "../text.ts";

/** Missing parts that the answer names; the section of warnings lists all. */
const MAX_MISSING = 5;

/** How many users the function serves, in one large sentence per think time, and what “serves” means. */
export function answerSection(
  { cells, skipped }: Summary,
  limits: ServingLimits,
  judging: Judging = {},
): string {
  if (cells.length === 0) return "<p>Nothing was measured.</p>";
  const rate = servedRate(cells, limits, judging);
  const servings = [...servedUsers(cells, limits, judging), ...(rate === undefined ? [] : [rate])];
  const sentences = servings.map(
    ({ answer, sentence }) =>
      `<p><b>${escapeHtml(answer)}</b>${escapeHtml(sentence.slice(answer.length))}</p>`,
  );
  return `<div class="answer">${[...sentences, ...missing(skipped)].join("\n")}</div>
<p>“Serves” means a success rate of at least ${limitPercent(limits.successRate)}${areOpenLoops(cells) ? "" : " (mean over users)"}, 95% of the round trips within ${limits.p95Seconds} s, and no crashed client; “not decided” means that too few requests were sent to tell. ${escapeHtml(limits.source)}</p>`;
}

function missing(skipped: Summary["skipped"]): readonly string[] {
  if (skipped.length === 0) return [];
  const names = skipped.map(({ source, position }) => `${source} (${position})`);
  const more = names.length > MAX_MISSING ? ` and ${names.length - MAX_MISSING} more` : "";
  const listed = escapeHtml(`${names.slice(0, MAX_MISSING).join(", ")}${more}`);
  return [
    `<p><b class="bad">Part of the data is missing, so the true answer may differ:</b> ${listed}. See <a href="#warnings">Warnings</a>.</p>`,
  ];
}
