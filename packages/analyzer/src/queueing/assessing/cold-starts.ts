import { formatCount, formatPercent } from "../../core/format.ts";
import type { ColdStartFinding } from "../fitting/cold-starts.ts";
import type { Caveat } from "./verdict.ts";

const seconds = (value: number) => `${Number(value.toPrecision(3))} s`;

const HOW: Readonly<Record<ColdStartFinding["source"], string>> = {
  flagged: "started cold",
  "first-on-replica": "started cold (long, and the first of their replicas)",
  inferred: "probably started cold (long after idle times)",
};
/** Cold starts that take less of the time matter little. */
const MIN_TIME_SHARE = 0.01;

/** What cold starts mean for the predictions. */
export function checkColdStarts(found: ColdStartFinding | undefined): readonly Caveat[] {
  if (found === undefined) return [];
  const { requests, coldRequests, source, meanSeconds, interval, rule, timeShare } = found;
  if (rule === "always")
    return [
      {
        level: "note",
        reason: `Most requests (${formatPercent(coldRequests / requests, 0)}) started cold, so the start belongs to the demand.`,
      },
    ];
  const what = HOW[source];
  const count = `${coldRequests} of ${formatCount(requests, "request")} ${what}`;
  const longer = `${seconds(meanSeconds)} longer (${seconds(interval.low)} … ${seconds(interval.high)})`;
  if (rule === "instances")
    return [
      { level: "note", reason: `${count}, ${longer}; predictions include cold starts${afterIdle(found)}.` },
    ];
  if (timeShare < MIN_TIME_SHARE)
    return [{ level: "note", reason: `${count}; fit and predictions leave them out.` }];
  return [
    {
      level: "caution",
      reason: `${count}, ${longer}. The fit leaves them out, and predictions have no cold starts, because these cells do not show which requests start cold. If an autoscaler starts replicas, ask with --autoscale.`,
    },
  ];
}

function afterIdle({ keepAlive: { low, high, isSeen } }: ColdStartFinding): string {
  return isSeen
    ? ` after ${seconds(low)} … ${seconds(high)} without a request`
    : `, but no instance that had been idle started cold: the keep-alive is at least ${seconds(low)}`;
}
