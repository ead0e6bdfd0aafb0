import { checkClients } from "../clients/read-client.ts";
import { compareTexts } from "../core/compare-texts.ts";
import { clientsNotNamed, moreProcessesFailed, processFailed } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";
import type { QuantileKind } from "../stats/quantile-kind.ts";
import { type ErrorType, summarizeErrors } from "./error-types.ts";
import type { LabelSummary, SampleFigures } from "./label-figures.ts";
import { LabelValues } from "./label-values.ts";
import type { Log } from "./log.ts";

type LabelledLog = Pick<Log, "threads" | "labels">;

/** Figures per label and number of threads. */
export const summarizeLabels = (logs: readonly LabelledLog[], kind?: QuantileKind): readonly LabelSummary[] =>
  poolLabels(logs).map(({ threads, values }) => values.summarize(threads, kind));

/** The samples of one label at one number of threads. */
export interface PooledLabel {
  readonly threads: number;
  readonly values: LabelValues;
}

/** Labels by number of threads: logs of the same number of threads are pooled, in a fixed order. */
export function poolLabels(logs: readonly LabelledLog[]): readonly PooledLabel[] {
  const pooled = new Map<string, PooledLabel>();
  for (const { threads, labels } of logs) {
    for (const values of labels) {
      const key = `${threads} ${values.isTransaction} ${values.label}`;
      let entry = pooled.get(key);
      if (entry === undefined) {
        entry = { threads, values: new LabelValues(values.label, values.isTransaction) };
        pooled.set(key, entry);
      }
      entry.values.merge(values);
    }
  }
  return [...pooled.values()].sort(
    (a, b) =>
      Number(a.values.isTransaction) - Number(b.values.isTransaction) ||
      compareTexts(a.values.label, b.values.label) ||
      a.threads - b.threads,
  );
}

/** Figures of all labels together, per number of threads. */
export const summarizeTotals = (
  logs: readonly LabelledLog[],
  kind?: QuantileKind,
): readonly SampleFigures[] =>
  poolTotals(logs).map(({ threads, values, errors }) => values.figures(threads, kind, errors));

/** All samples at one number of threads, and how many of them failed. */
export interface PooledTotal extends PooledLabel {
  readonly errors: number;
}

/** All labels together, per number of threads; transactions span other samples and are left out. */
export function poolTotals(logs: readonly LabelledLog[]): readonly PooledTotal[] {
  const pooled = new Map<number, { values: LabelValues; errors: number }>();
  for (const { threads, labels } of logs) {
    const entry = pooled.get(threads) ?? { values: new LabelValues(""), errors: 0 };
    const own = new LabelValues("");
    for (const values of countedLabels(labels)) {
      own.join(values);
      entry.errors += values.errorCount;
    }
    entry.values.merge(own);
    pooled.set(threads, entry);
  }
  return [...pooled]
    .sort(([a], [b]) => a - b)
    .map(([threads, { values, errors }]) => ({ threads, values, errors }));
}

/** The types of all logs' failures; of transactions only if there is nothing else. */
export const summarizeErrorTypes = (logs: readonly LabelledLog[]): readonly ErrorType[] =>
  summarizeErrors(logs.flatMap(({ labels }) => countedLabels(labels).map(({ errors }) => errors)));

/**
 * The labels that make a log's totals: transactions span other samples, so they count only in a log that holds
 * nothing else (Transaction Controllers with "Generate parent sample").
 */
export function countedLabels(labels: readonly LabelValues[]): readonly LabelValues[] {
  const requests = labels.filter(({ isTransaction }) => !isTransaction);
  return requests.length > 0 ? requests : labels;
}

/** Processes that are named one by one. */
const MAX_NAMED = 20;

/** Warnings about processes that ended with a return code other than 0, in a log without clients' reports. */
export function crashedProcesses(source: string, { clients, labels, samples }: Log): readonly Warning[] {
  const processes = new Set(labels.filter(({ isProcess }) => isProcess).map(({ label }) => label));
  if (processes.size > 0 && clients.length < samples) {
    return [clientsNotNamed(source, samples)];
  }
  const crashed = checkClients(clients).filter(
    ({ sample }) => processes.has(sample.label) && /^\d+$/.test(sample.responseCode),
  );
  const named = crashed.flatMap(({ warnings }) => warnings).slice(0, MAX_NAMED);
  const more = crashed.flatMap(({ warnings }) => warnings).length - named.length;
  return [
    ...named.map(({ message }) => processFailed(source, message)),
    ...(more > 0 ? [moreProcessesFailed(source, more)] : []),
  ];
}
