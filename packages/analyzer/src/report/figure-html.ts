import type { Chart, Series } from "../plot/chart/chart.ts";
import { fitWidth } from "../plot/chart/fit-width.ts";
import { renderSwatch, SWATCH, seriesColor } from "../plot/chart/legend.ts";
import { renderChart } from "../plot/chart/render.ts";
import { element } from "../plot/chart/svg.ts";
import type { ReportFigure } from "../plot/figure.ts";
import { escapeHtml, htmlTable } from "./markup.ts";

/** What a phone shows without scrolling. */
const NARROW_PX = 360;

/** Of a picture's own width: what stays readable before it scrolls. */
const MIN_WIDTH_RATIO = 0.8;

/** Beside a picture that is not wider, its sentences have room, if they are no longer. */
const MAX_BESIDE_PX = 800;
const MAX_BESIDE_CHARACTERS = 600;

/**
 * A figure with its legend, its sentences and its numbers; it has its size from the page.
 * @param below the heading that it stands below: it is not repeated
 */
export function renderFigure(
  { title, chart, narrow, notes, data, section }: ReportFigure,
  below?: string,
): string {
  const name = escapeHtml(title);
  const table =
    data === undefined
      ? ""
      : `<details><summary>Data of “${name}”</summary>${htmlTable(data.head, data.rows, `Data of ${title}`)}</details>`;
  const small = narrow ?? fitWidth(chart, NARROW_PX);
  const pictures =
    small === chart
      ? picture(chart, title)
      : `${picture(chart, title, " wide")}${picture(small, title, " narrow")}`;
  // The answer's figure stands right below the answer: its title would repeat it.
  const heading = section === "answer" || title === below ? "" : `<h3>${name}</h3>`;
  const [legendAbove, legendBelow] = section === "answer" ? ["", legend(chart)] : [legend(chart), ""];
  const isShort = notes.join("").length <= MAX_BESIDE_CHARACTERS;
  const isBeside = chart.widthPx <= MAX_BESIDE_PX && isShort && heading !== "";
  const size = isBeside ? ' class="beside"' : "";
  const caption = `<figcaption>${notes.map((note) => `<p>${escapeHtml(note)}</p>`).join("")}</figcaption>`;
  return `<figure${size}>${heading}<div>${legendAbove}${pictures}${legendBelow}</div>${caption}${table}</figure>`;
}

function picture(chart: Chart, title: string, size = ""): string {
  const style = `--width:${chart.widthPx}px;--min-width:${Math.round(MIN_WIDTH_RATIO * chart.widthPx)}px`;
  return `<div class="picture${size}" style="${style}"><div class="drawing" role="group" aria-label="${escapeHtml(title)}, drawing">${renderChart(chart)}</div><div class="readout" aria-hidden="true" hidden></div></div>`;
}

/** A button per series, with a picture of how it is drawn. */
function legend({ series, isLabelled }: Chart): string {
  if (isLabelled === true || series.every(({ isUnlisted }) => isUnlisted === true)) return "";
  const buttons = series.map((one: Series, index) => {
    if (one.isUnlisted === true) return "";
    const size = { width: SWATCH.widthPx, height: SWATCH.heightPx };
    const swatch = element("svg", { ...size, ...seriesColor(one), "aria-hidden": "true" }, renderSwatch(one));
    return `<button type="button" aria-pressed="true" data-series="${index}">${swatch}${escapeHtml(one.name)}</button>`;
  });
  return `<div class="legend" role="group" aria-label="Show or hide">${buttons.join("")}</div>`;
}
