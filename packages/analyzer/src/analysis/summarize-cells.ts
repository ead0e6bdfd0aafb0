import { addRunIntervals, type WithRunIntervals } from "../summary/add-run-intervals.ts";
import type { CellSummary } from "../summary/cell.ts";
import { checkCell, tooFewRequests } from "../summary/check-cell.ts";
import { summarizeFunctionCpu } from "../summary/function-cpu.ts";
import { generatorSaturation } from "../summary/saturation.ts";
import { summarizeCell } from "../summary/summarize-cell.ts";
import type { MeasuredCell } from "./group-by-condition.ts";
import type { Pass } from "./pass.ts";

/** Third pass: each cell's figures, and warnings about them. */
export function summarizeCells(cells: readonly MeasuredCell[]): Pass<WithRunIntervals> {
  const value = addRunIntervals(cells.map((cell) => withMachines(summarizeCell(cell), cell)));
  const summaries = value.cells;
  const warnings = cells.flatMap((cell, index) =>
    checkCell(summaries[index] as CellSummary, cell.clients, cell),
  );
  return { value, warnings: [...tooFewRequests(summaries), ...warnings], skipped: [] };
}

/** Adds what was seen of the machines: why load generators may have been at their limit, and the function's processor time. */
function withMachines(
  cell: CellSummary,
  { loads, isConditionInferred, functionCpu: runs, clients }: MeasuredCell,
): CellSummary {
  const generatorSaturated = generatorSaturation(isConditionInferred ? {} : cell, loads);
  const sent = clients.reduce((sum, { sentRequests }) => sum + sentRequests, 0);
  const functionCpu = summarizeFunctionCpu(runs, sent);
  return {
    ...cell,
    ...(generatorSaturated.length > 0 && { generatorSaturated }),
    ...(functionCpu !== undefined && { functionCpu }),
  };
}
