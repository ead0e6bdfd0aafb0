import {
  analyze,
  type Log,
  type RunFigure,
  type RunSummary,
  type SampleFigures,
} from "@slbench/analyzer/logs";
import { findLogs } from "../analyze/inputs.ts";
import { readLogFile } from "../analyze/labelled.ts";
import { type ComparedFigures, type ComparedGroup, figureComparer } from "./compare-groups.ts";

/** All samples of a log, beside its labels. */
export const ALL_SAMPLES = "All samples";

/** A label with each log's figures. */
export interface LabelRuns extends ComparedGroup {
  readonly label: string;
  readonly isTransaction?: true;
}

/** One side of a comparison: a log, or the logs of a folder or pattern, one run each. */
export interface MeasuredLogs {
  readonly name: string;
  readonly logs: number;
  /** When the first sample of all logs started, ms since 1970; absent if they do not tell. */
  readonly startedMs?: number;
  readonly labels: readonly LabelRuns[];
}

export interface LabelComparison extends ComparedFigures {
  readonly label: string;
  readonly isTransaction?: true;
}

export interface LogComparison {
  readonly first: Pick<MeasuredLogs, "name" | "logs">;
  readonly second: Pick<MeasuredLogs, "name" | "logs">;
  /** Ratios within it count as equivalent: 0.1 is 10%. */
  readonly margin: number;
  /** Labels that both sides have, and all samples last. */
  readonly labels: readonly LabelComparison[];
  /** Labels that only one side has. */
  readonly onlyOnce: readonly string[];
}

/**
 * Reads the logs that a path stands for, each as one run.
 * @throws {SlbenchError} FILE_UNREADABLE, FILE_NO_LOG, JTL_…
 */
export async function readMeasuredLogs(path: string): Promise<MeasuredLogs> {
  const labels = new Map<string, { label: string; isTransaction?: true; runs: RunSummary[] }>();
  const sources = await findLogs(path);
  const starts: number[] = [];
  for (const [index, source] of sources.entries()) {
    const log = await readLogFile(source, { figuresOnly: true });
    starts.push(...log.labels.flatMap(({ range }) => range.firstMs ?? []));
    for (const { key, label, isTransaction, figures } of figuresOf(source, log)) {
      const own = labels.get(key) ?? { label, ...(isTransaction && { isTransaction }), runs: [] };
      own.runs.push(toRun(figures, index + 1));
      labels.set(key, own);
    }
  }
  return {
    name: path,
    logs: sources.length,
    ...(starts.length > 0 && { startedMs: starts.reduce((a, b) => Math.min(a, b)) }),
    labels: [...labels].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
  };
}

/** Each label of one log, and all its samples; keys are in the order in which they are shown. */
function figuresOf(source: string, log: Log) {
  const input = { users: log.threads, thinkTimeSeconds: 0, repetition: 1, source, log };
  const { labels, totals } = analyze([{ ...input, isConditionInferred: true }]).summary;
  return [
    ...labels.map(({ label, isTransaction, ...figures }) => ({
      ...{ key: `${isTransaction === true ? 1 : 0} ${label}`, label, isTransaction, figures },
    })),
    ...totals.map((figures) => ({ key: "2", label: ALL_SAMPLES, isTransaction: undefined, figures })),
  ];
}

/** A log does not keep the order of its samples, so it tells no error of its own. */
function toRun(
  { samples, errors, elapsedSeconds, throughputPerSecond }: SampleFigures,
  repetition: number,
): RunSummary {
  const figure = (value: number | undefined): RunFigure => ({ value: value ?? Number.NaN });
  const successful = samples - errors;
  return {
    ...{ repetition, sent: samples, successful },
    mean: figure(elapsedSeconds.mean),
    p95: figure(elapsedSeconds.p95),
    ...(throughputPerSecond !== undefined && {
      throughputPerSecond: (throughputPerSecond * successful) / samples,
    }),
  };
}

const keyOf = ({
  label,
  isTransaction = false,
}: Pick<LabelRuns, "label"> & { readonly isTransaction?: boolean }) => `${isTransaction} ${label}`;

/** Compares the labels that both sides have. @param margin ratios within it count as equivalent */
export function compareLogs(first: MeasuredLogs, second: MeasuredLogs, margin: number): LogComparison {
  const others = new Map(second.labels.map((label) => [keyOf(label), label]));
  const compare = figureComparer([...first.labels, ...second.labels], margin);
  const own = new Set(first.labels.map(keyOf));
  return {
    ...{ first: sideOf(first), second: sideOf(second), margin },
    labels: first.labels.flatMap((label) => {
      const other = others.get(keyOf(label));
      if (other === undefined) return [];
      const { label: name, isTransaction } = label;
      return [{ label: name, ...(isTransaction && { isTransaction }), ...compare(label, other) }];
    }),
    onlyOnce: [
      ...first.labels.filter((label) => !others.has(keyOf(label))),
      ...second.labels.filter((label) => !own.has(keyOf(label))),
    ].map(({ label }) => label),
  };
}

const sideOf = ({ name, logs }: MeasuredLogs) => ({ name, logs });
