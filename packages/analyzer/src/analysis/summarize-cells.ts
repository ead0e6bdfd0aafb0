import { addRunIntervals, type WithRunIntervals } from "../summary/add-run-intervals.ts";
import { type CellSummary, summarizeCell } from "../summary/cell.ts";
import { checkCell, tooFewRequests } from "../summary/check-cell.ts";
import { generatorSaturation } from "../summary/saturation.ts";
import type { MeasuredCell } from "./group-by-condition.ts";
import type { Pass } from "./pass.ts";

/** Third pass: each cell's figures, and warnings about them. */
export function summarizeCells(cells: readonly MeasuredCell[]): Pass<WithRunIntervals> {
  const value = addRunIntervals(cells.map((cell) => withSaturation(summarizeCell(cell), cell)));
  const summaries = value.cells;
  const warnings = cells.flatMap((cell, index) =>
    checkCell(summaries[index] as CellSummary, cell.clients, cell),
  );
  return { value, warnings: [...tooFewRequests(summaries), ...warnings], skipped: [] };
}

/** Says of a cell why its load generators may have been at their limit, if they may. */
function withSaturation(
  cell: CellSummary,
  { loads, isConditionInferred }: Pick<MeasuredCell, "loads" | "isConditionInferred">,
): CellSummary {
  const generatorSaturated = generatorSaturation(isConditionInferred ? {} : cell, loads);
  return generatorSaturated.length === 0 ? cell : { ...cell, generatorSaturated };
}
