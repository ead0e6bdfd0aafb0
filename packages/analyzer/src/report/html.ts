import type { Summary } from "../analyze.ts";
import { areOpenLoops, describeCondition } from "../core/condition.ts";
import type { ReportFigure } from "../plot/figure.ts";
import type { ThresholdResult } from "../thresholds/threshold.ts";
import { renderFigure } from "./figure-html.ts";
import { escapeHtml, htmlTable } from "./markup.ts";
import { SCRIPT, STYLE } from "./page/page.generated.ts";
import { answerSection } from "./sections/answer.ts";
import { cellsSection } from "./sections/cells.ts";
import { qualityName, qualitySection } from "./sections/quality.ts";
import { warningsSection } from "./sections/warnings.ts";
import type { Judging, ServingLimits } from "./serving.ts";

export interface ReportContext {
  readonly title: string;
  readonly limits: ServingLimits;
  /** How cells are held against the limits; absent: by their figures as they are. */
  readonly judging?: Judging;
  /** Absent: no thresholds were set. */
  readonly thresholds?: readonly ThresholdResult[];
  /** How it was measured: name and value, shown as they are. */
  readonly facts: readonly (readonly [string, string])[];
  /** A paragraph for a paper. */
  readonly methods?: string;
  /** Commands that repeat the measurement, one per line. */
  readonly commands?: readonly string[];
  /** The publication's figures, request by request, and all others, in order. */
  readonly figures: readonly ReportFigure[];
}

/**
 * The report as one page that needs nothing else.
 *
 * @example
 * ```ts
 * const limits = { successRate: 0.99, p95Seconds: 2, source: "" };
 * renderHtml(analyze([]).summary, { title: "faces", limits, facts: [], figures: [] }).includes("<h1>faces</h1>"); // true
 * ```
 */
export function renderHtml(summary: Summary, context: ReportContext): string {
  const { cells, warnings, skipped } = summary;
  const title = escapeHtml(context.title);
  const sections: readonly (readonly [id: string, name: string, html: string])[] = [
    [
      "answer",
      areOpenLoops(cells) ? "Which rate does it serve?" : "How many users does it serve?",
      answerSection(summary, context.limits, context.judging),
    ],
    ...thresholds(context.thresholds ?? []),
    ["cells", "Cells", cellsSection(cells, context.limits, context.judging)],
    ["figures", "Figures", context.figures.map(renderFigure).join("\n")],
    ["warnings", "Warnings", warningsSection(summary)],
    ["quality", qualityName(cells), qualitySection(cells)],
    ["measured", "How it was measured", measured(context)],
  ];
  const warningCount = warnings.length + skipped.length;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${STYLE}</style></head><body>
<header><h1>${title}</h1><nav aria-label="Sections">${sections.map(([id, name]) => `<a href="#${id}">${name}${id === "warnings" ? ` (${warningCount})` : ""}</a>`).join("")}</nav></header>
<main>${sections.map(([id, name, html]) => `<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>\n${html}</section>`).join("\n")}</main>
<script>${SCRIPT}</script></body></html>
`;
}

function thresholds(results: readonly ThresholdResult[]): readonly (readonly [string, string, string])[] {
  if (results.length === 0) return [];
  const rows = results.map(({ verdict, threshold, cell, found }) => [
    { pass: "pass", fail: "▲ FAIL", undecided: "? undecided" }[verdict],
    threshold,
    cell === undefined ? "none" : describeCondition(cell),
    found,
  ]);
  return [["thresholds", "Thresholds", htmlTable(["", "Threshold", "Cell", "Found"], rows, "Thresholds")]];
}

function measured({ facts, methods, commands }: ReportContext): string {
  const list = facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`);
  return `${methods === undefined ? "" : `<h3>For a methods section</h3><p>${escapeHtml(methods)}</p>`}
${commands === undefined ? "" : `<h3>Repeat this measurement</h3><pre>${escapeHtml(commands.join("\n"))}</pre>`}
<dl>${list.join("\n")}</dl>`;
}
