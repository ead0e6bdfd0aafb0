import type { LabelSummary, SampleFigures } from "../log/label-figures.ts";
import type { CellSummary } from "../summary/cell.ts";
import type { Summary } from "../summary/summary.ts";
import {
  checkThresholds,
  noneMeant,
  type Threshold,
  type ThresholdResult,
  type ThresholdSubject,
} from "./threshold.ts";

/**
 * Checks thresholds against the samples of logs without clients' reports: `label(checkout).p95<1s` against that label,
 * `errors<1%` against all samples together, for each number of threads.
 *
 * @example
 * ```ts
 * checkPlainLogs({ labels: [], totals: [] }, [parseThreshold("p95<2s")])[0]?.found; // "no such cell was measured"
 * ```
 */
export function checkPlainLogs(
  { labels, totals }: Pick<Summary, "labels" | "totals">,
  thresholds: readonly Threshold[],
): readonly ThresholdResult[] {
  return thresholds.flatMap((threshold): readonly ThresholdResult[] => {
    const figures: readonly (SampleFigures & Partial<LabelSummary>)[] = threshold.isOfLabel ? labels : totals;
    const meant = figures
      .map((one) => ({ one, subject: toSubject(one) }))
      .filter(({ subject }) => threshold.means(subject));
    if (meant.length === 0)
      return threshold.isOfLabel
        ? [noneMeant(threshold.text, "label", [...new Set(labels.map(({ label }) => label))])]
        : checkThresholds([], [threshold]);
    return meant.flatMap(({ one: { label, threads }, subject }) =>
      checkThresholds([subject], [threshold]).map(({ cell: _, ...result }) => ({
        ...result,
        samples: { threads, ...(label !== undefined && { label }) },
      })),
    );
  });
}

/**
 * Figures of samples in the form of a cell's. What samples do not show stays unknown: think time, crashed clients, the
 * function's times.
 */
function toSubject(figures: SampleFigures & Partial<LabelSummary>): ThresholdSubject {
  const { label, threads, samples, errors, elapsedSeconds, throughputPerSecond } = figures;
  const successful = samples - errors;
  const known: Partial<CellSummary> = {
    users: threads,
    requests: { sent: samples, successful, failed: errors },
    successRate: { meanOverClients: successful / samples, overRequests: successful / samples },
    roundTripSeconds: elapsedSeconds,
    ...(throughputPerSecond !== undefined && { throughputPerSecond }),
  };
  return { ...(known as CellSummary), ...(label !== undefined && { label }) };
}
