import { escapeXml as escapeHtml } from "../plot/chart/svg.ts";

export { escapeHtml };

/** A column's name, and what does not fit there: its unit beside it, the rest as a tooltip. */
export interface TableHead {
  readonly name: string;
  readonly unit?: string;
  readonly title?: string;
}

export interface TableOptions {
  /** The page's script adds sorting, a filter and a copy as CSV. */
  readonly hasTools?: boolean;
  /** Columns of words, from 0: aligned to the left. */
  readonly textColumns?: readonly number[];
  /** A last row that sorting and filtering leave in its place. */
  readonly footer?: readonly string[];
}

/** A table whose first row names its columns. */
export function htmlTable(
  head: readonly (string | TableHead)[],
  rows: readonly (readonly string[])[],
  label: string,
  { hasTools = false, textColumns = [], footer }: TableOptions = {},
): string {
  const side = (column: number) => (textColumns.includes(column) ? ' class="text"' : "");
  const headCells = head.map((one, column) => {
    const { name, unit, title } =
      typeof one === "string" ? { name: one, unit: undefined, title: undefined } : one;
    const about = title === undefined ? "" : ` title="${escapeHtml(title)}"`;
    const words = `${escapeHtml(name)}${unit === undefined ? "" : ` <small>${escapeHtml(unit)}</small>`}`;
    return `<th scope="col"${side(column)}${about}>${words}</th>`;
  });
  const rowOf = (row: readonly string[]) =>
    `<tr>${row.map((value, column) => `<td${side(column)}>${escapeHtml(value)}</td>`).join("")}</tr>`;
  const body = rows.map(rowOf);
  const foot = footer === undefined ? "" : `<tfoot>${rowOf(footer)}</tfoot>`;
  const tools = hasTools ? " data-tools" : "";
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)}"${tools}><table><thead><tr>${headCells.join("")}</tr></thead>
<tbody>${body.join("\n")}</tbody>${foot}</table></div>`;
}

/** A part of the page that is folded until the reader opens it. */
export interface Section {
  readonly id: string;
  readonly name: string;
  /** What it says, in a few words, beside its name. */
  readonly preview: string;
  readonly html: string;
}

export const foldedSection = ({ id, name, preview, html }: Section): string =>
  `<details class="section" id="${id}"><summary><h2>${escapeHtml(name)}</h2><span class="preview">${escapeHtml(preview)}</span></summary>
<div class="body">${html}</div></details>`;
