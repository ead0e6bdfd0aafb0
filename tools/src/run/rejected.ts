import { findRejection, formatRejection, type Rejection, sharedRejection } from "@slbench/analyzer";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { shellWord } from "../help/shell-word.ts";
import type { UserData } from "../results/cell-data.ts";

/** A cell in which every request was rejected for one reason that no load explains. */
export interface RejectedCell {
  readonly cell: string;
  readonly requests: number;
  readonly rejection: Rejection;
}

/** Whether all users of a cell were rejected throughout, for the same reason: see the analyzer's rejection.ts. */
export function findRejectedCell(cell: string, data: readonly UserData[]): RejectedCell | undefined {
  let requests = 0;
  const reasons = data.flatMap(({ report, journal }) => {
    const sent = report?.requests ?? journal?.requests.length ?? 0;
    requests += sent;
    if (sent === 0) return [];
    return [report === undefined ? findRejection(journal?.requests ?? []) : report.rejection];
  });
  const rejection = sharedRejection(reasons);
  return rejection && { cell, requests, rejection };
}

/** `all 12 requests were rejected: http-error 401 (…)` */
export function describeRejected({ requests, rejection }: RejectedCell): string {
  return `all ${requests} requests were rejected: ${formatRejection(rejection)}`;
}

/** The error that ends a run after a rejected cell: the other cells would be rejected too. */
export function rejectedError(rejected: RejectedCell, folder: string): SlbenchError {
  return new SlbenchError<ToolErrorCode>(
    "RUN_ALL_REJECTED",
    `${rejected.cell}: ${describeRejected(rejected)}`,
    {
      hint: `this is not overload: check the function's address and what it responds, then slbench run --resume ${shellWord(folder)}`,
    },
  );
}
