import type { Condition } from "../core/condition.ts";
import { formatRejection, type Rejection } from "../core/rejection.ts";
import { responsesRejected } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";

/** What a warning about a rejected cell needs of it. */
interface RejectedCell extends Condition {
  readonly requests: { readonly sent: number };
  readonly rejection?: Rejection;
}

/** A warning for each cell in which every request was rejected for one reason. */
export function rejectedCells(cells: readonly RejectedCell[]): readonly Warning[] {
  return cells.flatMap((cell) =>
    cell.rejection === undefined
      ? []
      : [responsesRejected(cell, cell.requests.sent, formatRejection(cell.rejection))],
  );
}
