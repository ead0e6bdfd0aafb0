import type { Summary } from "../analyze.ts";
import { cellRow } from "./table.ts";

export interface ReportContext {
  readonly title: string;
  /** How it was measured: name and value, shown as they are. */
  readonly facts: readonly (readonly [string, string])[];
  /** Shown between the table and the warnings. */
  readonly figures: readonly ReportFigure[];
}

export interface ReportFigure {
  readonly title: string;
  readonly svg: string;
  /** Sentences below it. */
  readonly notes: readonly string[];
}

const HEADINGS = [
  "Users",
  "Think time (s)",
  "Success rate (mean over clients)",
  "Round trip, mean (s)",
  "Round trip, median (s)",
  "Handler, mean (s)",
  "ML, mean (s)",
  "Frames answered / sent",
];

/** The report as one page that needs nothing else: table, warnings, losses, how it was measured. */
export function renderHtml(summary: Summary, context: ReportContext): string {
  const rows = summary.cells.map(
    (cell) =>
      `<tr>${cellRow(cell)
        .map((value) => `<td>${escapeHtml(value)}</td>`)
        .join("")}</tr>`,
  );
  const warnings = summary.warnings.map(
    (warning) =>
      `<li><b>${escapeHtml(warning.code)}</b> ${escapeHtml(warning.message)}<br><small>${escapeHtml(warning.hint)}</small></li>`,
  );
  const lost = summary.lost.map(
    (loss) => `<li>${escapeHtml(`${loss.source}, ${loss.place}: ${loss.reason}`)}</li>`,
  );
  const figures = context.figures.map(
    ({ title, svg, notes }) =>
      `<figure role="group" aria-label="${escapeHtml(title)}">${svg}<figcaption>${notes.map((note) => escapeHtml(note)).join("<br>")}</figcaption></figure>`,
  );
  const facts = context.facts.map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(context.title)}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } th, td { padding: .3rem .8rem; text-align: right; border-bottom: 1px solid #8884 }
figure { margin: 1rem 0 } figure svg { max-width: 100%; height: auto; background: #fff } figcaption { font-size: .9rem }
.scroll { overflow-x: auto } dt { font-weight: 600 } dd { margin: 0 0 .5rem 0; overflow-wrap: anywhere }
</style></head><body>
<h1>${escapeHtml(context.title)}</h1>
<h2>Cells</h2>
<div class="scroll"><table><thead><tr>${HEADINGS.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("")}</tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>
<h2>Figures</h2>
${figures.join("\n")}
<h2>Warnings</h2>
${warnings.length === 0 ? "<p>None.</p>" : `<ul>${warnings.join("\n")}</ul>`}
${lost.length === 0 ? "" : `<h2>Input that could not be used</h2><ul>${lost.join("\n")}</ul>`}
<h2>How it was measured</h2>
<dl>${facts.join("\n")}</dl>
</body></html>
`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeHtml = (text: string) => text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] as string);
