import type { RunPart } from "../rows/selection.ts";
import type { CellSummary } from "../summary/cell.ts";

/** The part of the runs that the figures of a table are of. */
export function partOf(cells: readonly CellSummary[]): RunPart | "mixed" {
  const steady = cells.filter(({ part }) => part === "steady").length;
  if (steady === 0) return "whole";
  return steady === cells.length ? "steady" : "mixed";
}

/** A row's values, the first one with an asterisk if its cell is of the whole run and others are not. */
export function markPart(
  { part }: CellSummary,
  [first = "", ...others]: readonly string[],
  ofTable: ReturnType<typeof partOf>,
): readonly string[] {
  return [ofTable === "mixed" && part === "whole" ? `${first}*` : first, ...others];
}
