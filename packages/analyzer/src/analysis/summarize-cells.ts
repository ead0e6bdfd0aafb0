import { type CellSummary, summarizeCell } from "../summary/cell.ts";
import { checkCell, tooFewRequests } from "../summary/check-cell.ts";
import type { MeasuredCell } from "./group-by-condition.ts";
import type { Pass } from "./pass.ts";

/** Third pass: each cell's figures, and warnings about them. */
export function summarizeCells(cells: readonly MeasuredCell[]): Pass<readonly CellSummary[]> {
  const summaries = cells.map(summarizeCell);
  const warnings = cells.flatMap((cell, index) =>
    checkCell(summaries[index] as CellSummary, cell.clients, cell),
  );
  return { value: summaries, warnings: [...tooFewRequests(summaries), ...warnings], skipped: [] };
}
