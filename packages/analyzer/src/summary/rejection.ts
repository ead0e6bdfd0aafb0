import { formatRejection, type Rejection } from "../core/rejection.ts";
import type { Warning } from "../core/warnings.ts";

/** A warning for each cell in which every request was rejected for one reason. */
export function rejectedCells(
  cells: readonly {
    readonly users: number;
    readonly thinkTimeSeconds: number;
    readonly requests: { readonly sent: number };
    readonly rejection?: Rejection;
  }[],
): readonly Warning[] {
  return cells.flatMap(({ users, thinkTimeSeconds, requests, rejection }) =>
    rejection === undefined
      ? []
      : [
          {
            code: "RESPONSES_REJECTED",
            cell: { users, thinkTimeSeconds },
            message: `all ${requests.sent} requests were rejected: ${formatRejection(rejection)}`,
            hint: "this is not overload: check the function's address and what it responds, then run the cell again",
          },
        ],
  );
}
