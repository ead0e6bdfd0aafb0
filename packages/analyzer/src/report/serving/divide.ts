import { isUnderloaded } from "../../summary/active-users.ts";
import type { JudgedCell } from "./judge-cell.ts";

/** The cells of one answer, divided by their verdicts. */
export interface Divided {
  /** The heaviest load that passes below all that fail. */
  readonly last: JudgedCell | undefined;
  /** The lightest load that fails. */
  readonly first: JudgedCell | undefined;
  /** Loads between the two that are not decided. */
  readonly undecided: readonly JudgedCell[];
  /** Loads between the two whose users were not active together. */
  readonly unshown: readonly JudgedCell[];
}

/** @param cells from the lightest load to the heaviest */
export function divide(cells: readonly JudgedCell[]): Divided {
  const failing = cells.findIndex(({ verdict }) => verdict.verdict === "fails");
  const below = failing < 0 ? cells : cells.slice(0, failing);
  const at = below.findLastIndex(({ cell, verdict }) => verdict.verdict === "passes" && !isUnderloaded(cell));
  const between = below.slice(at + 1);
  return {
    last: below[at],
    first: cells[failing],
    undecided: between.filter(({ cell }) => !isUnderloaded(cell)),
    unshown: between.filter(({ cell }) => isUnderloaded(cell)),
  };
}
