import { groupByCondition } from "./analysis/group-by-condition.ts";
import type { LogInput } from "./analysis/log-input.ts";
import { readInputs } from "./analysis/read-inputs.ts";
import { summarizeCells } from "./analysis/summarize-cells.ts";
import type { ClientRun } from "./clients/client-run.ts";
import type { SkippedInput } from "./core/warnings.ts";
import { summarizeErrorTypes, summarizeLabels, summarizeTotals } from "./log/labels.ts";
import type { PlainLog } from "./rows/plain-log.ts";
import type { Selection } from "./rows/selection.ts";
import type { QuantileKind } from "./stats/quantile-kind.ts";
import { underloadedCells } from "./summary/active-users.ts";
import { rejectedCells } from "./summary/rejection.ts";
import { SUMMARY_SCHEMA, type Summary } from "./summary/summary.ts";

export { type LogInput, SUMMARY_SCHEMA, type Summary };

/** The summary and the client runs that it was made of, cell by cell. */
export interface Analysis {
  readonly summary: Summary;
  readonly clients: readonly (readonly ClientRun[])[];
  /** The logs without clients' reports. */
  readonly plainLogs: readonly PlainLog[];
}

export interface AnalysisOptions {
  /** How quantiles of logs without clients' reports are estimated; absent: type 7. */
  readonly quantiles?: QuantileKind;
}

/**
 * Logs in, figures per condition out: logs of the same users and think time are one cell.
 * @param selection which requests the figures are of; absent: all
 * @param missing what should be among the inputs and is not
 * @throws {SlbenchError} when an input is no log at all; EXPRESSION_…
 *
 * @example
 * ```ts
 * const text = "timeStamp,elapsed,label,responseCode,threadName,success\n1,250,GET,200,Users 1-1,true\n";
 * const { summary } = analyze([{ users: 1, thinkTimeSeconds: 0, repetition: 1, source: "inline", text }]);
 * summary.labels[0]?.elapsedSeconds.mean; // 0.25
 * ```
 */
export function analyze(
  inputs: readonly LogInput[],
  selection: Selection = {},
  missing: readonly SkippedInput[] = [],
  { quantiles }: AnalysisOptions = {},
): Analysis {
  const read = readInputs(inputs, selection);
  const { runs, plainLogs } = read.value;
  const grouped = groupByCondition(runs, selection);
  const { cells, backends } = grouped.value;
  const summarized = summarizeCells(cells);
  const passes = [read, grouped, summarized];
  const skipped = [...missing, ...passes.flatMap(({ skipped }) => skipped)];
  const isSelected = selection.filter !== undefined || selection.part !== undefined;
  const samplesLeftOut = plainLogs.reduce((sum, plain) => sum + plain.samplesLeftOut, 0);
  const requestsLeftOut = samplesLeftOut + grouped.value.requestsLeftOut;
  return {
    summary: {
      schema: SUMMARY_SCHEMA,
      ...(isSelected && { selection: { ...selection, requestsLeftOut } }),
      backends,
      ...summarized.value,
      labels: summarizeLabels(plainLogs, quantiles),
      totals: summarizeTotals(plainLogs, quantiles),
      errors: summarizeErrorTypes(plainLogs),
      ...(quantiles !== undefined && { quantiles }),
      complete: skipped.length === 0,
      warnings: [
        ...rejectedCells(summarized.value.cells),
        ...underloadedCells(summarized.value.cells),
        ...passes.flatMap(({ warnings }) => warnings),
      ],
      skipped,
    },
    clients: cells.map(({ clients }) => clients),
    plainLogs,
  };
}
