import type { Summary } from "../analyze.ts";
import { describeCondition } from "../core/condition.ts";
import { formatPercent } from "../core/format.ts";
import type { ReportFigure } from "../plot/figure.ts";
import type { CellSummary } from "../summary/cell.ts";
import type { ThresholdResult } from "../thresholds/threshold.ts";
import { renderFigure } from "./figure-html.ts";
import { escapeHtml, htmlTable, SCRIPT, STYLE } from "./page.ts";
import { brokenLimits, type ServingLimits, servedUsers } from "./serving.ts";

export interface ReportContext {
  readonly title: string;
  readonly limits: ServingLimits;
  /** Absent: none were set. */
  readonly thresholds?: readonly ThresholdResult[];
  /** How it was measured: name and value, shown as they are. */
  readonly facts: readonly (readonly [string, string])[];
  /** A paragraph for a paper. */
  readonly methods?: string;
  /** What repeats it, one per line. */
  readonly commands?: readonly string[];
  /** The publication's figures, request by request, and all others, in order. */
  readonly figures: readonly ReportFigure[];
}

/** The report as one page that needs nothing else. */
export function renderHtml(summary: Summary, context: ReportContext): string {
  const { cells, warnings, lost } = summary;
  const title = escapeHtml(context.title);
  const sections: readonly (readonly [id: string, name: string, html: string])[] = [
    ["answer", "How many users does it serve?", answer(summary, context.limits)],
    ...thresholds(context.thresholds ?? []),
    ["cells", "Cells", cellsTable(cells, context.limits)],
    ["figures", "Figures", context.figures.map((figure, index) => renderFigure(figure, index)).join("\n")],
    ["warnings", "Warnings", doubts(summary)],
    ["quality", "Cold starts and detection", quality(cells)],
    ["measured", "How it was measured", measured(context)],
  ];
  const doubtful = warnings.length + lost.length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${STYLE}</style></head><body>
<header><h1>${title}</h1><nav aria-label="Sections">${sections.map(([id, name]) => `<a href="#${id}">${name}${id === "warnings" ? ` (${doubtful})` : ""}</a>`).join("")}</nav></header>
<main>${sections.map(([id, name, html]) => `<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>\n${html}</section>`).join("\n")}</main>
<script>${SCRIPT}</script></body></html>
`;
}

/** Names of missing parts in the answer: the rest is among the warnings. */
const MAX_MISSING = 5;

function answer({ cells, lost }: Summary, limits: ServingLimits): string {
  if (cells.length === 0) return "<p>Nothing was measured.</p>";
  const sentences = servedUsers(cells, limits).map(
    ({ answer: short, sentence }) =>
      `<p><b>${escapeHtml(short)}</b>${escapeHtml(sentence.slice(short.length))}</p>`,
  );
  if (lost.length > 0) {
    const names = lost.map(({ source, place }) => `${source} (${place})`);
    const more = names.length > MAX_MISSING ? ` and ${names.length - MAX_MISSING} more` : "";
    const missing = `${names.slice(0, MAX_MISSING).join(", ")}${more}`;
    sentences.push(
      `<p><b class="bad">Part of the data is missing, so the answer may be another:</b> ${escapeHtml(missing)}. See <a href="#warnings">Warnings</a>.</p>`,
    );
  }
  return `<div class="answer">${sentences.join("\n")}</div>
<p>To serve well means here: a success rate of at least ${100 * limits.successRate}% (mean over clients), 95% of the round trips within ${limits.p95Seconds} s, and no client crashed. ${escapeHtml(limits.source)}</p>`;
}

function thresholds(results: readonly ThresholdResult[]): readonly (readonly [string, string, string])[] {
  if (results.length === 0) return [];
  const rows = results.map(({ passed, threshold, cell, found }) => [
    passed ? "pass" : "▲ FAIL",
    threshold,
    cell === undefined ? "none" : describeCondition(cell),
    found,
  ]);
  return [["thresholds", "Thresholds", htmlTable(["", "Threshold", "Cell", "Found"], rows, "Thresholds")]];
}

const percent = (ratio: number | undefined) => (ratio === undefined ? "" : formatPercent(ratio));
const number = (value: number | undefined) => (value === undefined ? "" : value.toFixed(3));

function cellsTable(cells: readonly CellSummary[], limits: ServingLimits): string {
  const head = [
    ...[
      "Users",
      "Think time (s)",
      "Success rate (mean over clients)",
      "Round trip, mean (s)",
      "95 % interval of it",
    ],
    ...[
      "median (s)",
      "p95 (s)",
      "p99 (s)",
      "Handler, mean (s)",
      "ML, mean (s)",
      "Requests/s",
      "Answered / sent",
      "Serves well",
    ],
  ];
  const rows = cells.map((cell) => {
    const { roundTripSeconds: trip, roundTripInterval: interval } = cell;
    const broken = brokenLimits(cell, limits);
    return [
      ...[String(cell.users), String(cell.thinkTimeSeconds), percent(cell.successRate.meanOverClients)],
      ...[number(trip.mean), interval ? `${number(interval.low)} … ${number(interval.high)}` : ""],
      ...[number(trip.median), number(trip.p95), number(trip.p99)],
      ...[number(cell.handlerSeconds.mean), number(cell.mlSeconds.mean), number(cell.throughputPerSecond)],
      ...[
        `${cell.requests.answered} / ${cell.requests.sent}`,
        broken.length === 0 ? "yes" : `no: ${broken.join(", ")}`,
      ],
    ];
  });
  return htmlTable(head, rows, "Cells");
}

function doubts({ warnings, lost }: Summary): string {
  const all = warnings.map(
    ({ code, message, hint }) =>
      `<li><b>${escapeHtml(code)}</b> ${escapeHtml(message)}<br><small>What to do: ${escapeHtml(hint)}</small></li>`,
  );
  const gone = lost.map(
    ({ source, place, reason }) => `<li>${escapeHtml(`${source}, ${place}: ${reason}`)}</li>`,
  );
  return `${all.length === 0 ? "<p>None.</p>" : `<ul>${all.join("\n")}</ul>`}
${gone.length === 0 ? "" : `<h3>Input that could not be used</h3><ul>${gone.join("\n")}</ul>`}`;
}

function quality(cells: readonly CellSummary[]): string {
  const known = cells.filter((cell) => cell.outcomes !== undefined);
  if (known.length === 0) return "<p>The clients' reports are of the older form, which does not tell.</p>";
  const rows = known.map((cell) => [
    ...[String(cell.users), String(cell.thinkTimeSeconds), String(cell.coldStarts ?? 0)],
    cell.faces === undefined
      ? "not told"
      : `${cell.faces.mean?.toFixed(2)} (${cell.faces.min} to ${cell.faces.max})`,
    String(cell.outcomes?.["wrong-answer"] ?? 0),
    number(cell.roundTripSeconds.mean),
    Object.entries(cell.outcomes ?? {})
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(", "),
  ]);
  return htmlTable(
    [
      "Users",
      "Think time (s)",
      "Cold starts",
      "Faces per request, mean (range)",
      "Wrong answers",
      "Round trip, mean (s)",
      "Outcomes",
    ],
    rows,
    "Cold starts and detection",
  );
}

function measured({ facts, methods, commands }: ReportContext): string {
  const list = facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`);
  return `${methods === undefined ? "" : `<h3>For a methods section</h3><p>${escapeHtml(methods)}</p>`}
${commands === undefined ? "" : `<h3>To repeat it</h3><pre>${escapeHtml(commands.join("\n"))}</pre>`}
<dl>${list.join("\n")}</dl>`;
}
