import type { RequestRow } from "../core/request-row.ts";
import { isWithin } from "../core/time-span.ts";
import type { Warning } from "../core/warnings.ts";
import type { Log } from "../log/log.ts";
import { SAMPLE_FIELDS, type SampleRow } from "../log/sample-table.ts";
import { filterFields, parseFilter } from "./filter.ts";
import type { Selection } from "./selection.ts";

/** A log without clients' reports, of which a selection keeps some samples. */
export interface PlainLog extends Pick<Log, "threads" | "labels"> {
  /** One row per sample that is kept, in the log's order; none where its samples were not kept when it was read. */
  readonly rows: Iterable<RequestRow>;
  readonly samplesLeftOut: number;
  readonly warnings: readonly Warning[];
}

/** What all rows of a log have in common. */
export type RowHead = Pick<RequestRow, "cell" | "users" | "thinkTimeSeconds" | "repetition">;

/**
 * A plain log with the samples that a selection keeps.
 * @param source name for warnings
 */
export function selectSamples(log: Log, head: RowHead, source: string, selection: Selection): PlainLog {
  const { table, threads, labels } = log;
  const { filter, cutRamp } = selection;
  if (table === undefined) return { threads, labels, rows: [], samplesLeftOut: 0, warnings: [] };
  const holds = filter === undefined ? undefined : parseFilter(filter);
  const time = cutRamp === true ? table.fullLoad() : undefined;
  const processes = new Set(labels.filter((values) => values.isProcess).map((values) => values.label));
  const isProcess = (label: string) => processes.has(label);
  const rowOf = (index: number): RequestRow => ({ ...head, ...table.row(index, isProcess) });
  const isKept = (row: RequestRow) =>
    (holds?.(row) ?? true) &&
    (time === undefined || isWithin(time, row.startEpochMicros ?? Number.NaN, row.roundTripSeconds));
  const kept: number[] = [];
  for (let index = 0; index < table.length; index++) if (isKept(rowOf(index))) kept.push(index);
  return {
    threads,
    labels: kept.length === table.length ? labels : table.labelsOf(kept),
    rows: {
      *[Symbol.iterator]() {
        for (const index of kept) yield rowOf(index);
      },
    },
    samplesLeftOut: table.length - kept.length,
    warnings: [
      ...(filter === undefined ? [] : unknownFields(filter, head, source)),
      ...(cutRamp === true && time === undefined ? [notCut(source)] : []),
    ],
  };
}

/** Comparisons that no sample can meet. */
function unknownFields(filter: string, head: RowHead, source: string): readonly Warning[] {
  const isKnown = (field: keyof SampleRow | keyof RowHead) =>
    SAMPLE_FIELDS.includes(field) && (field !== "thinkTimeSeconds" || head.thinkTimeSeconds !== undefined);
  const unknown = filterFields(filter).filter((field) => !isKnown(field));
  if (unknown.length === 0) return [];
  return [
    {
      code: "OPTION_NOT_APPLIED",
      message: `${source}: the filter asks for ${unknown.join(", ")}, which a log without clients' reports does not say: no sample matches it`,
      hint: `such a log has ${SAMPLE_FIELDS.filter(isKnown).join(", ")}`,
    },
  ];
}

const notCut = (source: string): Warning => ({
  code: "RAMP_NOT_CUT",
  message: `${source}: no time is known in which all threads were active; nothing was cut`,
  hint: "the log has no times, or the first thread ended before the last one began: let them loop longer",
});
