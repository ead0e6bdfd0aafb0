import { escapeXml as escapeHtml } from "../plot/chart/svg.ts";

export { escapeHtml };

/** A table whose first row names its columns. */
export function htmlTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  label: string,
): string {
  const cells = (tag: string, values: readonly string[]) =>
    values
      .map((value) => `<${tag}${tag === "th" ? ' scope="col"' : ""}>${escapeHtml(value)}</${tag}>`)
      .join("");
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)}"><table><thead><tr>${cells("th", head)}</tr></thead>
<tbody>${rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n")}</tbody></table></div>`;
}
