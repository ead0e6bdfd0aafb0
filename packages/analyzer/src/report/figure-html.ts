import type { ReportFigure } from "../plot/figure.ts";
import { escapeHtml, htmlTable } from "./page.ts";

/** A figure with its legend, its sentences and its numbers; it has its size from the page. */
export function renderFigure({ title, svg, notes, legend = [], data }: ReportFigure): string {
  const buttons = legend.map(
    ({ name, color }) =>
      `<button type="button" aria-pressed="true" data-color="${color}" style="--of:${color}">${escapeHtml(name)}</button>`,
  );
  const table =
    data === undefined
      ? ""
      : `<details><summary>Data of “${escapeHtml(title)}”</summary>${htmlTable(data.head, data.rows, `Data of ${title}`)}</details>`;
  return `<figure><div class="picture"><div role="img" aria-label="${escapeHtml(title)}">${svg.replace(/^<svg width="\d+" height="\d+"/, "<svg")}</div><div class="readout" aria-hidden="true" hidden></div></div>
${buttons.length === 0 ? "" : `<div class="legend" role="group" aria-label="Show or hide">${buttons.join("")}</div>`}
<figcaption>${notes.map((note) => escapeHtml(note)).join("<br>")}</figcaption>${table}</figure>`;
}
