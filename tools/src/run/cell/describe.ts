import { formatCount, formatUsers } from "@slbench/analyzer/logs";
import type { Cell } from "@slbench/jmeter-plans";

/** A cell's condition in words. */
export function describeCell(cell: Cell): string {
  const { users, thinkTimeSeconds, thinkTime, ratePerSecond, process, replicaCount } = cell;
  if (ratePerSecond !== undefined) return `${ratePerSecond} requests per second (${process})`;
  const served = replicaCount === undefined ? "" : `, ${formatCount(replicaCount, "replica")}`;
  return `${formatUsers(users)}, think ${thinkTime ?? `${thinkTimeSeconds} s`}${served}`;
}
