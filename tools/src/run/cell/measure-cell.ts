import type { RunWatch } from "@slbench/analyzer";
import { plannedRequests } from "@slbench/jmeter-plans";
import type { RunCell } from "../../results/result-folder.ts";
import type { RunContext } from "../context.ts";
import { assessCell } from "./assess.ts";
import { collectCell } from "./collect.ts";
import { describeCell } from "./describe.ts";
import { runMeasured } from "./measured-plan.ts";
import { prepareCell } from "./place.ts";
import { type MeasuredCell, reportCell } from "./report.ts";
import { writeCell } from "./write.ts";

/** The cell to measure next. */
export interface NextCell {
  /** In the record already, or to be added to it. */
  readonly cell: RunCell;
  /** All cells of the run, as far as that is known. */
  readonly cells: number;
  /** Ends the cell once it misses the goal in any case, if its journals are on this machine; absent: it runs to its end. */
  readonly watch?: RunWatch;
}

/**
 * Runs one cell and writes its folder as docs/data-formats.md describes. Failures of the cell are its state, not
 * errors.
 */
export async function measureCell(
  context: RunContext,
  { cell, cells, watch }: NextCell,
  number: number,
): Promise<MeasuredCell> {
  const place = await prepareCell(context, cell);
  const { durationSeconds } = context.experiment.load;
  const planned = plannedRequests(context.experiment, cell);
  context.progress.cellStarted({
    ...{ number, cells, users: cell.users, condition: describeCell(cell) },
    ...(planned !== undefined && { plannedRequests: planned }),
    ...(durationSeconds !== undefined && { durationSeconds }),
  });
  const measured = await runMeasured(context, cell, place, watch);
  const collected = await collectCell(context, place, measured);
  const result = assessCell(context, cell, place, measured, collected);
  await writeCell(context, place, measured, collected, result);
  return reportCell(context, cell, place, measured, collected, result);
}
