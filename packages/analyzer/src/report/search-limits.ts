import type { SearchReport } from "../finding/search-report.ts";
import { SlbenchError } from "../queueing/index.ts";
import { parseThreshold, type Threshold } from "../thresholds/threshold.ts";

/**
 * The goal of a search as a threshold, so that the whole report holds cells against the same limits; empty without a
 * search, or if the goal is about a figure that thresholds do not have.
 *
 * @example
 * ```ts
 * goalThresholds({ goal: "p95<2s" }).map(({ text }) => text); // ["p95<2s"]
 * goalThresholds({ goal: "p99.9<2s" }); // []
 * ```
 */
export function goalThresholds(search: Pick<SearchReport, "goal"> | undefined): readonly Threshold[] {
  if (search === undefined) return [];
  try {
    return [parseThreshold(search.goal)];
  } catch (error) {
    if (error instanceof SlbenchError) return [];
    throw error;
  }
}
