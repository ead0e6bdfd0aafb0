import type { Summary } from "../../analyze.ts";
import { describeCondition } from "../../core/condition.ts";
import { formatCount } from "../../core/format.ts";
import { describeWarning, type Warning } from "../../core/warnings.ts";
import { escapeHtml } from "../markup.ts";

/** Codes of warnings that tell how input was read, not that the answer may be wrong. */
const ABOUT_READING: ReadonlySet<string> = new Set([
  "COLUMNS_INFERRED",
  "DECIMAL_COMMA",
  "ENCODING_ASSUMED",
  "OPTION_NOT_APPLIED",
  "REPORT_COMPLETED",
  "TIMES_CONVERTED",
  "TIME_ZONE_USED",
]);

/** Cells that one entry names. */
const MAX_NAMED = 6;

/** Warnings of one kind: what they have in common, once. */
export interface WarningKind {
  readonly code: string;
  readonly hint: string;
  readonly warnings: readonly Warning[];
}

/** Warnings by code and hint, in the order of their first one. */
export function warningKinds(warnings: readonly Warning[]): readonly WarningKind[] {
  const kinds = new Map<string, Warning[]>();
  for (const warning of warnings) {
    const key = `${warning.code}\n${warning.hint.replaceAll(/[\d.,]+/g, "0")}`;
    const own = kinds.get(key);
    if (own === undefined) kinds.set(key, [warning]);
    else own.push(warning);
  }
  return [...kinds.values()].map((own) => {
    const [{ code, hint }] = own as [Warning];
    return { code, hint, warnings: own };
  });
}

/** The kinds that could change the answer, one line each; empty without any. */
export function answerWarnings({ warnings }: Pick<Summary, "warnings">): string {
  const kinds = warningKinds(warnings.filter(({ code }) => !ABOUT_READING.has(code)));
  if (kinds.length === 0) return "";
  const lines = kinds.map(
    (kind) => `<li>${escapeHtml(describeKind(kind))} <a href="#warnings">${escapeHtml(kind.code)}</a></li>`,
  );
  return `<aside class="notice" aria-label="Warnings"><b>${kinds.length === 1 ? "This could" : "These could"} change the answer</b><ul>${lines.join("")}</ul></aside>`;
}

function describeKind({ warnings }: WarningKind): string {
  const [first] = warnings as [Warning];
  if (warnings.length === 1) return describeWarning(first);
  const cells = warnings.flatMap(({ cell }) => (cell === undefined ? [] : [describeCondition(cell)]));
  const others = cells.slice(1, MAX_NAMED);
  const more = warnings.length - 1 - others.length;
  const named = others.length === 0 ? "" : `: ${others.join("; ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `${describeWarning(first)}; likewise ${warnings.length - 1} ${warnings.length === 2 ? "other" : "others"}${named}.`;
}

/** What the section says beside its name. */
export function warningsPreview({ warnings, skipped }: Summary): string {
  const kinds = warningKinds(warnings).length;
  const all = [
    ...(kinds > 0 ? [`${formatCount(warnings.length, "warning")} of ${formatCount(kinds, "kind")}`] : []),
    ...(skipped.length > 0 ? [`${formatCount(skipped.length, "input")} skipped`] : []),
  ];
  return all.length === 0 ? "none" : all.join(", ");
}

/** Every warning below its kind and its hint, and what could not be read. */
export function warningsSection({ warnings, skipped }: Summary): string {
  const kinds = warningKinds(warnings).map(({ code, hint, warnings: own }) => {
    const lines = own.map((warning) => `<li>${escapeHtml(describeWarning(warning))}</li>`);
    return `<h3>${escapeHtml(code)}</h3><ul>${lines.join("\n")}</ul><p>What to do: ${escapeHtml(hint)}</p>`;
  });
  const missing = skipped.map(
    ({ source, position, reason }) => `<li>${escapeHtml(`${source}, ${position}: ${reason}`)}</li>`,
  );
  return `${kinds.length === 0 ? "<p>None.</p>" : kinds.join("\n")}
${missing.length === 0 ? "" : `<h3>Skipped input</h3><ul>${missing.join("\n")}</ul>`}`;
}
