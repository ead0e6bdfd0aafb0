import { formatPercent } from "../core/format.ts";
import { printable } from "../core/printable.ts";
import { alignRight, columnWidths } from "../core/text-columns.ts";
import type { ErrorType } from "../log/error-types.ts";
import type { LabelSummary, SampleFigures } from "../log/label-figures.ts";

const COLUMNS = ["threads", "samples", "errors", "mean s", "median", "p95", "p99", "max", "per s"] as const;
const WIDTH = 80;

/**
 * Labels as a table of at most 80 columns, seconds; a label stands over its rows, one per number of threads. Totals
 * follow if they say more than the rows.
 *
 * @example
 * ```ts
 * const text = "timeStamp,elapsed,label,responseCode,threadName,success\n1,250,GET,200,Users 1-1,true\n";
 * const log = await readLog(new Blob([text]).stream(), "run.csv", { keepSamples: true });
 * const analysis = analyze([{ users: 1, thinkTimeSeconds: 0, repetition: 1, source: "run.csv", log }]);
 * renderLabels(analysis.summary.labels).includes("GET"); // true
 * ```
 */
export function renderLabels(labels: readonly LabelSummary[], totals: readonly SampleFigures[] = []): string {
  const sections = labels.map((label) => ({ title: titleOf(label), figures: label as SampleFigures }));
  if (labels.length > totals.length) {
    const title = labels.some(({ isTransaction }) => isTransaction) ? "Total without transactions" : "Total";
    sections.push(...totals.map((figures) => ({ title, figures })));
  }
  const rows = sections.map(({ figures }) => figuresRow(figures));
  const widths = columnWidths([COLUMNS, ...rows]);
  const line = (values: readonly string[]) => alignRight(values, widths);
  const lines = [line(COLUMNS), widths.map((width) => "-".repeat(width)).join("  ")];
  sections.forEach(({ title }, index) => {
    if (title !== sections[index - 1]?.title) lines.push(title);
    lines.push(line(rows[index] as readonly string[]));
  });
  return `${lines.join("\n")}\n`;
}

const titleOf = ({ label, isTransaction }: LabelSummary) =>
  isTransaction ? oneLine(`${label} (transaction)`) : oneLine(label);

function figuresRow({ threads, samples, errors, elapsedSeconds, throughputPerSecond }: SampleFigures) {
  const { mean, median, p95, p99, max } = elapsedSeconds;
  return [
    String(threads),
    String(samples),
    String(errors),
    ...[mean, median, p95, p99, max].map((value) => (value === undefined ? "-" : short(value))),
    throughputPerSecond === undefined ? "-" : throughputPerSecond.toPrecision(4),
  ];
}

/** Samplers named per error. */
const NAMED_LABELS = 3;
const MAX_ERROR_ROWS = 20;

/**
 * Errors by type, the most frequent first: count, share of all errors, type with an example message, samplers hit.
 *
 * @example
 * ```ts
 * const error = { kind: "code", code: "500", message: "Internal", count: 2, shareRatio: 1, labels: [{ label: "GET", count: 2 }] } as const;
 * renderErrors([error]).includes("500 Internal"); // true
 * ```
 */
export function renderErrors(errors: readonly ErrorType[]): string {
  const shown = errors.slice(0, MAX_ERROR_ROWS);
  const rows = shown.map(({ count, shareRatio }) => [String(count), formatPercent(shareRatio)]);
  const widths = columnWidths([["errors", "share"], ...rows]);
  const indent = " ".repeat(widths.reduce((sum, width) => sum + width + 2, 0));
  const lines = [`${alignRight(["errors", "share"], widths)}  type`];
  shown.forEach((error, index) => {
    lines.push(oneLine(`${alignRight(rows[index] as readonly string[], widths)}  ${describeError(error)}`));
    lines.push(oneLine(`${indent}in ${labelsOf(error)}`));
  });
  const more = errors.length - shown.length;
  if (more > 0) lines.push(`${more} more types: --json shows all`);
  return `${lines.join("\n")}\n`;
}

/**
 * An error's type and its example message in one line.
 *
 * @example
 * ```ts
 * describeError({ kind: "assertion", code: "200", message: "no title" }); // "200, refused by an assertion: no title"
 * ```
 */
export function describeError({ kind, code, message }: Pick<ErrorType, "kind" | "code" | "message">): string {
  if (kind === "process") return `return code ${code}`;
  if (kind === "summed") return message;
  const text = message === "" ? "" : kind === "assertion" ? `: ${message}` : ` ${message}`;
  if (kind === "assertion") return `${code === "" ? "" : `${code}, `}refused by an assertion${text}`;
  return `${code.replace(/^Non HTTP response code: /, "")}${text.replace(/^ Non HTTP response message: /, ": ")}`;
}

function labelsOf({ labels }: ErrorType): string {
  const named = labels.slice(0, NAMED_LABELS).map(({ label, count }) => `${label} (${count})`);
  const more = labels.length - named.length;
  return `${named.join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}

/** At most six characters: 0.143, 12.35, 608.9, 1015. */
function short(seconds: number): string {
  return seconds.toFixed(seconds < 10 ? 3 : seconds < 100 ? 2 : seconds < 1000 ? 1 : 0);
}

/** Without characters that would break the table. */
function oneLine(label: string): string {
  const text = printable(label);
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
}
