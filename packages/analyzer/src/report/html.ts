import type { Summary } from "../analyze.ts";
import { formatCount, formatPercent } from "../core/format.ts";
import type { SearchReport } from "../finding/search-report.ts";
import type { FigureSection, ReportFigure } from "../plot/figure.ts";
import { partNames } from "../plot/time-parts/text.ts";
import type { TrustLevel } from "../queueing/assessing/verdict.ts";
import type { ThresholdResult } from "../thresholds/threshold.ts";
import { loadOf, questionOf } from "./answer-plot.ts";
import { escapeHtml, foldedSection, type Section } from "./markup.ts";
import { renderPage } from "./page-html.ts";
import { answerSection } from "./sections/answer.ts";
import { cellsSection } from "./sections/cells.ts";
import { changesSection } from "./sections/changes.ts";
import { figureSections } from "./sections/figures.ts";
import { largestPart } from "./sections/key-figures.ts";
import { type Measured, measuredSections } from "./sections/measured.ts";
import { qualityName, qualitySection } from "./sections/quality.ts";
import { searchSection } from "./sections/search.ts";
import { thresholdSections } from "./sections/thresholds.ts";
import { answerWarnings, warningsPreview, warningsSection } from "./sections/warnings.ts";
import type { Judging } from "./serving/judge-cell.ts";
import type { ServingLimits } from "./serving/limits.ts";

export interface ReportContext extends Measured {
  readonly title: string;
  /** What was measured, in the page's question; default `the function`. */
  readonly subject?: string;
  readonly limits: ServingLimits;
  /** How cells are held against the limits; absent: by their figures as they are. */
  readonly judging?: Judging;
  /** Of a result that `slbench find` made. */
  readonly search?: SearchReport;
  /** Absent: no thresholds were set. */
  readonly thresholds?: readonly ThresholdResult[];
  /** How it was measured: name and value, shown as they are. */
  readonly facts: readonly (readonly [string, string])[];
  /** A paragraph for a paper. */
  readonly methods?: string;
  /** Commands that repeat the measurement, one per line. */
  readonly commands?: readonly string[];
  /** How far the queueing model can be trusted; absent without a model. */
  readonly modelVerdict?: TrustLevel;
  /** In order within their sections. */
  readonly figures: readonly ReportFigure[];
  /** Cells that are measured and planned, as long as some are missing. */
  readonly progress?: { readonly measured: number; readonly planned: number };
}

/**
 * The report as one page that needs nothing else: the answer on its first screen, everything else folded below. It can
 * be made of any part of a measurement.
 *
 * @example
 * ```ts
 * const limits = { successRate: 0.99, p95Seconds: 2, source: "" };
 * const page = renderHtml(analyze([]).summary, { title: "faces, 2026", subject: "faces", limits, facts: [], figures: [] });
 * page.includes("<h1>How many users does faces serve?</h1>"); // true
 * ```
 */
export function renderHtml(summary: Summary, context: ReportContext): string {
  const { limits, judging, figures, title, subject = "the function" } = context;
  const answer = figures.find(({ section }) => section === "answer");
  return renderPage({
    title,
    kicker: kicker(summary, context),
    question: questionOf(summary.cells, subject),
    first: `${answerSection(summary, limits, judging, { figure: answer, search: context.search })}${answerWarnings(summary)}`,
    sections: sectionsOf(summary, context).map(foldedSection),
  });
}

/** What was measured, when, and how much of it. */
function kicker({ cells }: Summary, { title, progress }: ReportContext): string {
  const requests = cells.reduce((sum, { requests: { sent } }) => sum + sent, 0);
  const parts = [
    title,
    formatCount(cells.length, "cell"),
    formatCount(requests, "request"),
    ...(progress === undefined
      ? []
      : [`so far: ${progress.measured} of ${formatCount(progress.planned, "cell")} are measured`]),
  ];
  return parts.map(escapeHtml).join(" · ");
}

/** What some sections say beside their names. */
function previewsOf(
  cells: Summary["cells"],
  { modelVerdict }: ReportContext,
): Partial<Record<FigureSection, string>> {
  const heaviest = cells.findLast(({ parts }) => parts !== undefined);
  const part = heaviest === undefined ? undefined : largestPart(heaviest);
  return {
    ...(heaviest !== undefined &&
      part !== undefined && {
        "time-parts": `${formatPercent(part.share, 0)} ${partNames([heaviest])[part.name]} with ${loadOf(heaviest)}`,
      }),
    ...(modelVerdict !== undefined && { model: `verdict: ${modelVerdict}` }),
  };
}

function sectionsOf(summary: Summary, context: ReportContext): readonly Section[] {
  const { cells } = summary;
  const { limits, judging, figures, search, thresholds = [] } = context;
  return [
    ...searchSection(search),
    ...thresholdSections(thresholds),
    ...(cells.length === 0
      ? []
      : [
          {
            ...{ id: "cells", name: "Cells", preview: formatCount(cells.length, "cell") },
            html: cellsSection(cells, limits, judging),
          },
        ]),
    ...figureSections(figures, previewsOf(cells, context)),
    ...(cells.length === 0
      ? []
      : [{ id: "quality", name: qualityName(cells), preview: "per cell", html: qualitySection(cells) }]),
    ...changesSection(cells),
    {
      ...{ id: "warnings", name: "Warnings", preview: warningsPreview(summary) },
      html: warningsSection(summary),
    },
    ...measuredSections(context),
  ];
}
