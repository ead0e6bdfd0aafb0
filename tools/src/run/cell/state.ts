import type { Reconciliation } from "../../results/reconcile.ts";
import type { CellState } from "../../results/result-folder.ts";
import type { CellOutcome } from "./run-plan.ts";

/** A cell's state from JMeter's outcome and the counted data: neither alone is reliable. */
export function decideState(
  { state, endNotHeard }: Pick<CellOutcome, "state" | "endNotHeard">,
  counts: Pick<Reconciliation, "lost" | "reportedRequests" | "journalRequests">,
): CellState {
  if (endNotHeard === true && counts.lost.length === 0) return "complete";
  if (state === "complete" && counts.lost.length > 0) return "incomplete";
  if (state === "failed" && counts.reportedRequests + counts.journalRequests > 0) return "incomplete";
  return state;
}
