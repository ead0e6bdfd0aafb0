import type { Cell } from "@slbench/jmeter-plans";
import { describeLoss, type Reconciliation, reconcile } from "../../results/reconcile.ts";
import { type CellState, isDone, type Warning } from "../../results/result-folder.ts";
import { processorTimeUnknown } from "../../results/warnings.ts";
import type { RunContext } from "../context.ts";
import { describeRejected, findRejectedCell, type RejectedCell } from "../rejected.ts";
import type { CollectedData } from "./collect.ts";
import type { MeasuredPlan } from "./measured-plan.ts";
import type { CellPlace } from "./place.ts";
import { decideState } from "./state.ts";

/** What the data shows of the cell. */
export interface CellResult {
  readonly state: CellState;
  /** Empty if the cell is complete. */
  readonly problem: string;
  readonly counts: Omit<Reconciliation, "warnings">;
  readonly warnings: readonly Warning[];
  readonly rejected?: RejectedCell;
}

/** Counts what was measured against what was planned. */
export function assessCell(
  { experiment }: RunContext,
  cell: Cell,
  { workers }: CellPlace,
  { outcome, gatewayRequests, functionTime }: MeasuredPlan,
  { data }: CollectedData,
): CellResult {
  const { requestsPerUser } = experiment.load;
  const { warnings, ...counts } = reconcile({
    ...{ cellName: cell.name, users: cell.users, workers, data },
    ...(requestsPerUser !== undefined && { requestsPerUser }),
    ...(gatewayRequests !== undefined && { gatewayRequests }),
    ...(outcome.endedEarly !== undefined && { wasEnded: true }),
  });
  const rejected = outcome.state === "interrupted" ? undefined : findRejectedCell(cell.name, data);
  const state = rejected === undefined ? decideState(outcome, counts) : "failed";
  const lost = counts.lost.map(describeLoss).join("; ");
  const problem = isDone({ state })
    ? ""
    : ((rejected && describeRejected(rejected)) ?? outcome.problem ?? lost);
  const isTimeLost =
    isDone({ state }) && experiment.function.metrics !== undefined && functionTime === undefined;
  const all = isTimeLost ? [...warnings, processorTimeUnknown(cell.name)] : warnings;
  return { state, problem, counts, warnings: all, ...(rejected !== undefined && { rejected }) };
}
