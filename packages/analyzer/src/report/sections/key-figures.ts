import { formatCount, formatInteger, formatPercent, formatThreeDigits } from "../../core/format.ts";
import { colorClass } from "../../plot/chart/palette.ts";
import { knownParts, TIME_PARTS, type TimePart } from "../../plot/time-parts/data.ts";
import { partNames } from "../../plot/time-parts/text.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { escapeHtml } from "../markup.ts";
import type { ServingAnswer } from "../serving/answer.ts";
import type { ServingLimits } from "../serving/limits.ts";
import { percent } from "../text.ts";

/** Three numbers of the cell that the answer rests on: its load, its response time, and where the time goes. */
export function keyFigures(
  cell: CellSummary,
  state: ServingAnswer["state"],
  load: string,
  limits: ServingLimits,
): string {
  return `<dl class="numbers">${loadFigure(cell, state, load)}${timeFigure(cell, load, limits)}${partsFigure(cell) ?? successFigure(cell, load)}</dl>`;
}

const LOAD_LABELS: Readonly<Record<ServingAnswer["state"], string>> = {
  served: "served within the limits",
  fails: "fail: the lightest load measured",
  undecided: "not decided: too few requests",
  "not-shown": "were not active together",
  rejected: "sent requests, all rejected",
};

/** One number with its unit and its label, and what follows as markup. */
export const tile = (value: string, unit: string, label: string, more = "") =>
  `<div><dt>${escapeHtml(label)}</dt><dd><b>${escapeHtml(value)}</b> ${escapeHtml(unit)}${more}</dd></div>`;

function loadFigure(
  { requests: { sent, successful } }: CellSummary,
  state: ServingAnswer["state"],
  load: string,
): string {
  const [, value = load, unit = ""] = /^([\d.]+) ?(.*)$/.exec(load) ?? [];
  const counted = `<small>${formatInteger(successful)} of ${formatCount(sent, "request")} succeeded</small>`;
  return tile(value, unit, LOAD_LABELS[state], counted);
}

function timeFigure(
  { roundTripSeconds: { p95 }, quantileIntervals }: CellSummary,
  load: string,
  { p95Seconds }: ServingLimits,
): string {
  if (p95 === undefined) return "";
  const { p95: interval } = quantileIntervals;
  const range =
    interval === undefined
      ? ""
      : `${formatThreeDigits(interval.low)} to ${formatThreeDigits(interval.high)} s (95% interval); `;
  return tile(
    formatThreeDigits(p95),
    "s",
    `95th percentile with ${load}`,
    `<small>${escapeHtml(`${range}limit ${p95Seconds}\u00a0s`)}</small>`,
  );
}

/** The part of the response time that takes longest, 0..1 of it; undefined if the parts are not known. */
export function largestPart(
  cell: CellSummary,
): { readonly name: TimePart; readonly share: number } | undefined {
  const shareOf = partShares(cell);
  if (shareOf === undefined) return undefined;
  const name = knownParts([cell]).reduce((a, b) => (shareOf(b) > shareOf(a) ? b : a));
  return { name, share: shareOf(name) };
}

function partShares({ parts }: CellSummary): ((part: TimePart) => number) | undefined {
  if (parts === undefined) return undefined;
  const total = TIME_PARTS.reduce((sum, part) => sum + (parts[part] ?? 0), 0);
  return total <= 0 ? undefined : (part) => Math.max(0, parts[part] ?? 0) / total;
}

function partsFigure(cell: CellSummary): string | undefined {
  const [shareOf, largest] = [partShares(cell), largestPart(cell)?.name];
  if (shareOf === undefined || largest === undefined) return undefined;
  const [known, names] = [knownParts([cell]), partNames([cell])];
  let left = 0;
  const bars = known.map((part) => {
    const width = 100 * shareOf(part);
    const bar = `<rect class="${colorClass(TIME_PARTS.indexOf(part))}" x="${left.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="10"><title>${escapeHtml(`${names[part]} ${formatPercent(shareOf(part), 0)}`)}</title></rect>`;
    left += width;
    return bar;
  });
  const words = known
    .filter((part) => part !== largest && shareOf(part) >= 0.005)
    .sort((a, b) => shareOf(b) - shareOf(a))
    .map((part) => `${names[part]} ${formatPercent(shareOf(part), 0)}`);
  const bar = `<svg class="parts" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${bars.join("")}</svg>`;
  return tile(
    formatPercent(shareOf(largest), 0),
    names[largest],
    "where the time goes",
    `${bar}<small>${escapeHtml(words.join(", "))}</small>`,
  );
}

function successFigure({ successRate, throughputPerSecond }: CellSummary, load: string): string {
  const rate =
    throughputPerSecond === undefined
      ? ""
      : `${formatThreeDigits(throughputPerSecond)} successful per second`;
  return tile(
    percent(successRate.meanOverClients),
    "",
    `successful with ${load}`,
    `<small>${escapeHtml(rate)}</small>`,
  );
}
