import { alignRight, columnWidths } from "../core/text-columns.ts";
import type { LabelSummary } from "../log/label-values.ts";

const COLUMNS = ["threads", "samples", "errors", "mean s", "median", "p95", "p99", "max", "per s"] as const;
const WIDTH = 80;

/**
 * Labels as a table of at most 80 columns, seconds; a label stands over its rows, one per number of threads.
 *
 * @example
 * ```ts
 * const text = "timeStamp,elapsed,label,responseCode,threadName,success\n1,250,GET,200,Users 1-1,true\n";
 * const log = await readLog(new Blob([text]).stream(), "run.csv", { keepSamples: true });
 * const analysis = analyze([{ users: 1, thinkTimeSeconds: 0, repetition: 1, source: "run.csv", log }]);
 * renderLabels(analysis.summary.labels).includes("GET"); // true
 * ```
 */
export function renderLabels(labels: readonly LabelSummary[]): string {
  const rows = labels.map(labelRow);
  const widths = columnWidths([COLUMNS, ...rows]);
  const line = (values: readonly string[]) => alignRight(values, widths);
  const lines = [line(COLUMNS), widths.map((width) => "-".repeat(width)).join("  ")];
  labels.forEach((label, index) => {
    if (label.label !== labels[index - 1]?.label) lines.push(oneLine(label.label));
    lines.push(line(rows[index] as readonly string[]));
  });
  return `${lines.join("\n")}\n`;
}

function labelRow({ threads, samples, errors, elapsedSeconds, throughputPerSecond }: LabelSummary) {
  const { mean, median, p95, p99, max } = elapsedSeconds;
  return [
    String(threads),
    String(samples),
    String(errors),
    ...[mean, median, p95, p99, max].map((value) => (value === undefined ? "-" : short(value))),
    throughputPerSecond === undefined ? "-" : throughputPerSecond.toPrecision(4),
  ];
}

/** At most six characters: 0.143, 12.35, 608.9, 1015. */
function short(seconds: number): string {
  return seconds.toFixed(seconds < 10 ? 3 : seconds < 100 ? 2 : seconds < 1000 ? 1 : 0);
}

/** Without characters that would break the table. */
function oneLine(label: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those of the label
  const text = label.replaceAll(/[\u0000-\u001f\u007f]+/g, " ");
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
}
