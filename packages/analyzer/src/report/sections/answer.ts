import type { Summary } from "../../analyze.ts";
import { areOpenLoops } from "../../core/condition.ts";
import type { SearchReport } from "../../finding/search-report.ts";
import type { ReportFigure } from "../../plot/figure.ts";
import { MIN_RUNS } from "../../stats/cut-blocks.ts";
import { CONFIDENCE_LEVEL } from "../../stats/interval.ts";
import { loadOf } from "../answer-plot.ts";
import { renderFigure } from "../figure-html.ts";
import { escapeHtml } from "../markup.ts";
import { searchAnswer } from "../search-answer.ts";
import type { ServingAnswer } from "../serving/answer.ts";
import type { Judging } from "../serving/judge-cell.ts";
import type { ServingLimits } from "../serving/limits.ts";
import { servedRate, servedUsers } from "../serving/served.ts";
import { limitPercent } from "../text.ts";
import { keyFigures } from "./key-figures.ts";

/** Missing parts that the answer names; the section of warnings lists all. */
const MAX_MISSING = 5;

/** The symbol and the word of a state: never its colour alone. */
const STATES = {
  served: { color: "pass", word: "✓ Passes" },
  fails: { color: "fail", word: "✕ Fails" },
  rejected: { color: "fail", word: "✕ Rejected" },
  undecided: { color: "undecided", word: "? Undecided" },
  "not-shown": { color: "undecided", word: "? Not shown" },
} as const;

/**
 * The answer: a large line for each, which think times with the same answer share, with its certainty; the figure that
 * shows it, and three numbers of the cell that the first one rests on.
 */
export function answerSection(
  { cells, skipped }: Summary,
  limits: ServingLimits,
  judging: Judging = {},
  {
    figure,
    search,
  }: { readonly figure?: ReportFigure | undefined; readonly search?: SearchReport | undefined } = {},
): string {
  if (cells.length === 0) return '<p class="answer">Nothing was measured.</p>';
  const own = answerLines(cells, limits, judging);
  const found = searchAnswer(search, own[0] as AnswerLine);
  const lines = found === undefined ? joinSame(own) : [{ ...found, about: "" }];
  const [first] = lines as [AnswerLine];
  const drawing = figure === undefined ? "" : `<div class="shown">${renderFigure(figure)}</div>`;
  return `<ul class="answers${lines.length > 3 ? " many" : ""}">${lines.map((line) => answerLine(line, judging)).join("")}</ul>
<p class="certainty">${certainty(cells, limits, judging)}</p>
${missing(skipped)}
<div class="first">${drawing}${keyFigures(first.cell, first.state, loadOf(first.cell), limits)}${explanation(found === undefined ? own : lines, limits)}</div>`;
}

/** `0 s, 1 s and 5 s`: without the comma that American English puts before the last one. */
const LIST = new Intl.ListFormat("en-GB");

/** Answers that say the same become one line, with what is known of heavier loads below it. */
function joinSame(lines: readonly AnswerLine[]): readonly AnswerLine[] {
  const joined = new Map<string, AnswerLine[]>();
  for (const line of lines) {
    const key = `${line.thinkTime === undefined}${line.state}${line.short}`;
    joined.set(key, [...(joined.get(key) ?? []), line]);
  }
  return [...joined.values()].map((same) => {
    const [first] = same as [AnswerLine];
    if (same.length === 1) return first;
    const thinks = same.map(({ thinkTime = "" }) => thinkTime);
    const isShared = same.every(({ beyond }) => beyond === first.beyond);
    return {
      ...first,
      about: `with think times of ${LIST.format(thinks)}`,
      ...(isShared
        ? {}
        : { beyond: "", each: same.map(({ thinkTime, beyond }) => `with ${thinkTime}: ${beyond}`) }),
    };
  });
}

/** An answer per think time, then one of open loops. */
function answerLines(
  cells: Summary["cells"],
  limits: ServingLimits,
  judging: Judging,
): readonly AnswerLine[] {
  const rate = servedRate(cells, limits, judging);
  const users = servedUsers(cells, limits, judging);
  return [
    ...users.map((serving) => ({
      ...serving,
      about: users.length > 1 ? `with a think time of ${serving.thinkTime}` : "",
      thinkTime: serving.thinkTime,
    })),
    ...(rate === undefined ? [] : [{ ...rate, about: users.length > 0 ? "in open loops" : "" }]),
  ];
}

/** An answer, and of which cells it is if there are several. */
interface AnswerLine extends ServingAnswer {
  readonly about: string;
  /** Absent: open loops, or a search. */
  readonly thinkTime?: string;
  /** Of several think times: what is known of heavier loads with each of them, if it differs. */
  readonly each?: readonly string[];
}

/** How sure a verdict is, if requests were judged and not figures as they are. */
const sureness = ({ confidence, runsOf }: Judging): string =>
  runsOf === undefined ? "" : `${limitPercent(confidence ?? CONFIDENCE_LEVEL)} sure`;

function answerLine({ state, short, about, beyond, each = [] }: AnswerLine, judging: Judging): string {
  const { color, word } = STATES[state];
  const isJudged = state === "served" || state === "fails";
  const sure = isJudged && sureness(judging) !== "" ? `, ${sureness(judging)}` : "";
  const more = (words: string) => (words === "" ? "" : ` <span class="about">${escapeHtml(words)}</span>`);
  return `<li class="${color}"><b>${escapeHtml(short)}</b>${more(about)} <span class="pill">${word}${sure}</span>${more(beyond)}${each.map((words) => `<small>${escapeHtml(words)}</small>`).join("")}</li>`;
}

/** What it means to serve, and how sure the answer is, in one line. */
function certainty(
  cells: Summary["cells"],
  { p95Seconds, successRate, isTimeLimit }: ServingLimits,
  judging: Judging,
): string {
  const { runsOf } = judging;
  const within = isTimeLimit === true ? `the clients' time limit of ${p95Seconds} s` : `${p95Seconds} s`;
  const isOfFewRuns = runsOf !== undefined && cells.some((cell) => runsOf(cell).length < MIN_RUNS);
  const scope = isOfFewRuns ? ", for these runs only: another run may differ" : "";
  const sure = runsOf === undefined ? "" : ` Verdicts are ${sureness(judging)}${scope}.`;
  const mean = areOpenLoops(cells) ? "" : " (mean over users)";
  return `Limits: 95% of the responses within ${within}, at least ${limitPercent(successRate)} successful${mean}, no crashed client.${sure}`;
}

/** Each answer in whole sentences, with its evidence. */
function explanation(lines: readonly ServingAnswer[], { source }: ServingLimits): string {
  const sentences = lines.map(
    ({ answer, sentence }) =>
      `<p><b>${escapeHtml(answer)}</b>${escapeHtml(sentence.slice(answer.length))}</p>`,
  );
  return `<details class="why"><summary>Why this answer</summary>${sentences.join("\n")}<p>${escapeHtml(source)} “Not decided” means that too few requests were sent to tell.</p></details>`;
}

function missing(skipped: Summary["skipped"]): string {
  if (skipped.length === 0) return "";
  const names = skipped.map(({ source, position }) => `${source} (${position})`);
  const more = names.length > MAX_MISSING ? ` and ${names.length - MAX_MISSING} more` : "";
  const listed = escapeHtml(`${names.slice(0, MAX_MISSING).join(", ")}${more}`);
  return `<p class="notice"><b class="bad">Part of the data is missing, so the true answer may differ:</b> ${listed}. See <a href="#warnings">Warnings</a>.</p>`;
}
