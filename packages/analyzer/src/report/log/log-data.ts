import { type ApdexLimits, DEFAULT_APDEX_LIMITS } from "../../log/apdex.ts";
import type { LabelValues } from "../../log/label-values.ts";
import { countedLabels, type PooledTotal, poolLabels, poolTotals } from "../../log/labels.ts";
import { LogSeries } from "../../log/log-series.ts";
import { type LogPlot, logTimes } from "../../plot/log/data.ts";
import type { PlainLog } from "../../rows/plain-log.ts";

/** All that a report of logs without clients' reports shows, the logs together. */
export interface LogData extends LogPlot {
  readonly all: PooledTotal;
  readonly transactions: readonly LabelValues[];
  readonly apdex: ApdexLimits;
  /** Of each log. */
  readonly threads: readonly number[];
  readonly sources: readonly string[];
  /** From the first start to the last end; absent without times. */
  readonly time?: { readonly startMs: number; readonly endMs: number };
}

/** Undefined if no log has a sample. */
export function logDataOf(logs: readonly PlainLog[], apdex = DEFAULT_APDEX_LIMITS): LogData | undefined {
  // One load, whatever the number of threads: the table of labels keeps them apart.
  const pooled = logs.map(({ labels }) => ({ threads: 0, labels }));
  const [all] = poolTotals(pooled);
  if (all === undefined || all.values.sampleCount === 0) return undefined;
  const labels = poolLabels(pooled).map(({ values }) => values);
  const requests = countedLabels(labels);
  const series = seriesOf(logs);
  const times = logTimes(series);
  const time = timeOf(logs);
  return {
    ...{ all, apdex, series, total: all.values },
    labels: requests.toSorted((a, b) => b.sampleCount - a.sampleCount),
    transactions: labels.filter((values) => values.isTransaction && !requests.includes(values)),
    threads: [...new Set(logs.map((log) => log.threads))].sort((a, b) => a - b),
    sources: logs.map(({ source }) => source),
    ...(times !== undefined && { times }),
    ...(time !== undefined && { time }),
  };
}

function seriesOf(logs: readonly PlainLog[]): LogSeries {
  const kept = logs.flatMap(({ series }) => series ?? []);
  const [only] = kept;
  if (only !== undefined && kept.length === 1) return only;
  const merged = new LogSeries();
  for (const series of kept) merged.merge(series);
  return merged;
}

function timeOf(logs: readonly PlainLog[]): LogData["time"] {
  const ranges = logs.flatMap(({ labels }) => labels.map(({ range }) => range));
  const starts = ranges.flatMap(({ firstMs }) => firstMs ?? []);
  const ends = ranges.flatMap(({ lastMs }) => lastMs ?? []);
  if (starts.length === 0) return undefined;
  const startMs = starts.reduce((a, b) => Math.min(a, b));
  return { startMs, endMs: ends.reduce((a, b) => Math.max(a, b), startMs) };
}
