import type { Summary } from "../../analyze.ts";
import { describeWarning } from "../../core/warnings.ts";
import { escapeHtml } from "../markup.ts";

/** Every warning with its hint, and what could not be read. */
export function warningsSection({ warnings, skipped }: Summary): string {
  const all = warnings.map(
    ({ code, hint, ...warning }) =>
      `<li><b>${escapeHtml(code)}</b> ${escapeHtml(describeWarning(warning))}<br><small>What to do: ${escapeHtml(hint)}</small></li>`,
  );
  const missing = skipped.map(
    ({ source, position, reason }) => `<li>${escapeHtml(`${source}, ${position}: ${reason}`)}</li>`,
  );
  return `${all.length === 0 ? "<p>None.</p>" : `<ul>${all.join("\n")}</ul>`}
${missing.length === 0 ? "" : `<h3>Skipped input</h3><ul>${missing.join("\n")}</ul>`}`;
}
