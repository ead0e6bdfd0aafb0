import type { Summary } from "../../analyze.ts";
import { describeWarning } from "../../core/warnings.ts";
import { escapeHtml } from "../markup.ts";

/** Every warning with its hint, and what could not be read. */
export function warningsSection({ warnings, lost }: Summary): string {
  const all = warnings.map(
    ({ code, hint, ...warning }) =>
      `<li><b>${escapeHtml(code)}</b> ${escapeHtml(describeWarning(warning))}<br><small>What to do: ${escapeHtml(hint)}</small></li>`,
  );
  const skipped = lost.map(
    ({ source, place, reason }) => `<li>${escapeHtml(`${source}, ${place}: ${reason}`)}</li>`,
  );
  return `${all.length === 0 ? "<p>None.</p>" : `<ul>${all.join("\n")}</ul>`}
${skipped.length === 0 ? "" : `<h3>Skipped input</h3><ul>${skipped.join("\n")}</ul>`}`;
}
