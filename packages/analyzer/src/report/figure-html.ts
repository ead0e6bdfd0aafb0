import type { Series } from "../plot/chart/chart.ts";
import { renderSwatch, SWATCH, seriesColor } from "../plot/chart/legend.ts";
import { renderChart } from "../plot/chart/render.ts";
import { element } from "../plot/chart/svg.ts";
import type { ReportFigure } from "../plot/figure.ts";
import { escapeHtml, htmlTable } from "./markup.ts";

/** Of a picture's own width: what stays readable before it scrolls. */
const MIN_WIDTH_RATIO = 0.8;

/** A figure with its legend, its sentences and its numbers; it has its size from the page. */
export function renderFigure({ title, chart, notes, data }: ReportFigure): string {
  const name = escapeHtml(title);
  const table =
    data === undefined
      ? ""
      : `<details><summary>Data of “${name}”</summary>${htmlTable(data.head, data.rows, `Data of ${title}`)}</details>`;
  const minWidth = `--min-width:${Math.round(MIN_WIDTH_RATIO * chart.widthPx)}px`;
  return `<figure><div class="picture"><div class="drawing" role="group" aria-label="${name}, drawing" style="${minWidth}">${renderChart(chart)}</div><div class="readout" aria-hidden="true" hidden></div></div>
${legend(chart.series)}
<figcaption>${notes.map((note) => escapeHtml(note)).join("<br>")}</figcaption>${table}</figure>`;
}

/** A button per series, with a picture of how it is drawn. */
function legend(series: readonly Series[]): string {
  if (series.length === 0) return "";
  const buttons = series.map((one, index) => {
    const size = { width: SWATCH.widthPx, height: SWATCH.heightPx };
    const swatch = element("svg", { ...size, ...seriesColor(one), "aria-hidden": "true" }, renderSwatch(one));
    return `<button type="button" aria-pressed="true" data-series="${index}">${swatch}${escapeHtml(one.name)}</button>`;
  });
  return `<div class="legend" role="group" aria-label="Show or hide">${buttons.join("")}</div>`;
}
