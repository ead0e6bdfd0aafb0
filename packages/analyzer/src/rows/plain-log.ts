import type { RequestRow } from "../core/request-row.ts";
import { arrivedWithin } from "../core/time-span.ts";
import { filterNotApplied, samplesNotCut } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";
import type { Log } from "../log/log.ts";
import { SAMPLE_FIELDS } from "../log/sample-table.ts";
import { filterFields, parseFilter } from "./filter.ts";
import type { Selection } from "./selection.ts";

/** A log without clients' reports, with the samples that a selection keeps. */
export interface PlainLog extends Pick<Log, "threads" | "labels" | "series"> {
  /** Name for messages. */
  readonly source: string;
  /** One row per kept sample, in the log's order; empty if the log was read without `keepSamples`. */
  readonly rows: Iterable<RequestRow>;
  readonly samplesLeftOut: number;
  readonly warnings: readonly Warning[];
}

/** The fields that all rows of a log share. */
export type RowHead = Pick<RequestRow, "cell" | "users" | "thinkTimeSeconds" | "repetition">;

/**
 * A plain log with the samples that a selection keeps.
 * @param source name for warnings
 */
export function selectSamples(log: Log, head: RowHead, source: string, selection: Selection): PlainLog {
  const { table, threads, labels, series } = log;
  const { filter, part } = selection;
  if (table === undefined) {
    const own = { source, threads, labels, rows: [], samplesLeftOut: 0, warnings: [] };
    return { ...own, ...(series !== undefined && { series }) };
  }
  const holds = filter === undefined ? undefined : parseFilter(filter);
  const time = part === "steady" ? table.steadySpan() : undefined;
  const processes = new Set(labels.filter((values) => values.isProcess).map((values) => values.label));
  const isProcess = (label: string) => processes.has(label);
  const rowOf = (index: number): RequestRow => ({ ...head, ...table.row(index, isProcess) });
  const isKept = (row: RequestRow) =>
    (holds?.(row) ?? true) &&
    (time === undefined || arrivedWithin(time, row.startEpochMicros ?? Number.NaN, row.roundTripSeconds));
  const kept: number[] = [];
  let samplesLeftOut = 0;
  for (let index = 0; index < table.length; index++) {
    if (isKept(rowOf(index))) kept.push(index);
    else samplesLeftOut += table.count(index);
  }
  const isWhole = kept.length === table.length;
  return {
    source,
    threads,
    labels: isWhole ? labels : table.labelsOf(kept),
    ...(isWhole && series !== undefined && { series }),
    rows: {
      *[Symbol.iterator]() {
        for (const index of kept) {
          const row = rowOf(index);
          for (let times = table.count(index); times > 0; times--) yield row;
        }
      },
    },
    samplesLeftOut,
    warnings: [
      ...(filter === undefined ? [] : unknownFields(filter, head, source)),
      ...(part === "steady" && time === undefined ? [samplesNotCut(source)] : []),
    ],
  };
}

/** Warns of fields that no sample of the log has. */
function unknownFields(filter: string, head: RowHead, source: string): readonly Warning[] {
  const isKnown = (field: string) =>
    SAMPLE_FIELDS.some((one) => one === field) &&
    (field !== "thinkTimeSeconds" || head.thinkTimeSeconds !== undefined);
  const unknown = filterFields(filter).filter((field) => !isKnown(field));
  if (unknown.length === 0) return [];
  return [filterNotApplied(source, unknown, SAMPLE_FIELDS.filter(isKnown))];
}
