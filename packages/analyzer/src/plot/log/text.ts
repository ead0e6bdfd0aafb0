import type { LabelValues } from "../../log/label-values.ts";
import type { FigureTable } from "../figure.ts";
import { beyondAxisNotes, fourDigits } from "../text.ts";
import type { AxisUnit } from "../time-unit.ts";
import type { LogTimes } from "./data.ts";

export const TITLES = {
  answer: "Response time, throughput and threads over time",
  times: "Response times over time",
  labels: "Mean response time per label over time",
  throughput: "Throughput over time",
  bytes: "Bytes over time",
  activeThreads: "Active threads over time",
  codes: "Return codes over time",
  latency: "Connecting, waiting and receiving over time",
  percentiles: "Percentiles of the response time",
  histogram: "Distribution of response times",
  labelHistograms: "Distribution of response times, per label",
  parts: "Where the time goes, per label",
  threads: "Response time against active threads",
  load: "Response time against throughput",
} as const;

export const AXES = {
  seconds: "response time (s)",
  mean: "mean response time (s)",
  rate: "samples per second",
  bytes: "kB per second",
  threads: "active threads",
  percentile: "percentile",
  samples: "samples",
  share: "share of samples (%)",
  parts: "mean (s)",
  codes: "samples per second",
} as const;

/** A label that ends with … if it is longer than that. */
export const shortened = (label: string, length: number): string =>
  label.length > length ? `${label.slice(0, length - 1)}…` : label;

export const timeAxis = ({ name }: AxisUnit): string => `${name} since the start`;

/** What a slice is, and how exact its quantiles are. */
export function sliceNote({ sliceSeconds, slices }: LogTimes): string {
  const width = sliceSeconds === 1 ? "one second" : `${sliceSeconds} s`;
  const partial = slices.some(({ isPartial }) => isPartial)
    ? " A first or last value that would cover less than half of that is left out."
    : "";
  return `Each value covers ${width}, by the end of the samples; quantiles of a slice are within 1%.${partial}`;
}

export const UP_TO_P99 = "Up to the 99th percentile of the successful samples.";

/** How many samples of some labels lie beyond an axis. */
export function beyondNotes(labels: readonly LabelValues[], endSeconds: number): readonly string[] {
  const of = labels.reduce((sum, { sampleCount }) => sum + sampleCount, 0);
  const within = labels.reduce((sum, values) => sum + (values.histogram(1, endSeconds)[0] ?? 0), 0);
  const longestSeconds = Math.max(0, ...labels.flatMap((values) => values.quantiles([1])));
  return beyondAxisNotes({ count: of - within, of, longestSeconds }, "samples");
}

export const BEYOND_NOTE = "Values at the upper edge lie beyond it; the table has them.";
export const BAND_NOTE = "Bands: 95% intervals of the quantiles, by the number of samples in a slice.";
export const WIDE_BAND_NOTE =
  "Where a band reaches over a factor of three, as with about 5% of time-outs, the line is pale: it jumps by chance.";
export const TRANSACTIONS_NOTE = "Samples of transaction controllers are left out: they span other samples.";

/** The points of several lines as a table, a column each. */
export function linesTable(
  axis: string,
  lines: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[],
): FigureTable {
  const rows = new Map<number, string[]>();
  lines.forEach(({ points }, column) => {
    for (const [x, y] of points) {
      const row = rows.get(x) ?? lines.map(() => "");
      row[column] = Number.isNaN(y) ? "" : fourDigits(y);
      rows.set(x, row);
    }
  });
  const sorted = [...rows].sort(([a], [b]) => a - b);
  return {
    head: [axis, ...lines.map(({ name }) => name)],
    rows: sorted.map(([x, row]) => [fourDigits(x), ...row]),
  };
}
