import type { ReportFigure } from "../plot/figure.ts";
import { escapeHtml, htmlTable } from "./page.ts";

/** Of a picture's own width: what stays readable before it scrolls. */
const MIN_WIDTH = 0.8;

/**
 * A figure with its legend, its sentences and its numbers; it has its size from the page.
 * @param index its place in the page: ids in the picture are made of it, not of what was drawn before
 */
export function renderFigure({ title, svg, notes, legend = [], data }: ReportFigure, index: number): string {
  const buttons = legend.map(
    ({ name, color }) =>
      `<button type="button" aria-pressed="true" data-color="${color}" style="--of:${color}">${escapeHtml(name)}</button>`,
  );
  const table =
    data === undefined
      ? ""
      : `<details><summary>Data of “${escapeHtml(title)}”</summary>${htmlTable(data.head, data.rows, `Data of ${title}`)}</details>`;
  const picture = svg
    .replaceAll(/\bzr\d+-/g, `f${index}-`)
    .replace(
      /^<svg width="(\d+)" height="\d+"/,
      (_, width) => `<svg style="--least:${Math.round(MIN_WIDTH * Number(width))}px"`,
    );
  return `<figure><div class="picture"><div class="drawing" role="img" aria-label="${escapeHtml(title)}">${picture}</div><div class="readout" aria-hidden="true" hidden></div></div>
${buttons.length === 0 ? "" : `<div class="legend" role="group" aria-label="Show or hide">${buttons.join("")}</div>`}
<figcaption>${notes.map((note) => escapeHtml(note)).join("<br>")}</figcaption>${table}</figure>`;
}
