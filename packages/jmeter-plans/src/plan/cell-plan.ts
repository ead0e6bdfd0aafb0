import type { Condition } from "@slbench/client/condition";
import { seedOf } from "@slbench/client/schedule";
import type { Experiment } from "../experiment/experiment.ts";
import { startRate } from "../experiment/load-fields.ts";
import type { Cell } from "../load/matrix.ts";
import type { PlanOptions } from "./plan.ts";

/** The options of a cell's plan that do not depend on machines: name, load, limits. */
export function cellPlanOptions(
  experiment: Experiment,
  cell: Cell,
  workers: number,
): Omit<PlanOptions, "client" | "request" | "resultXml" | "resultCsv"> {
  const { load, function: target, verify } = experiment;
  const { requestsPerUser, durationSeconds, seed } = load;
  const { users, thinkTimeSeconds, thinkTime, ratePerSecond, process } = cell;
  const startRatePerSecond = cellStartRate(load.start, cell);
  return {
    ...{
      name: `${experiment.name} ${cell.name}`,
      users,
      workers,
      // With one seed for all, every repetition would have the same arrivals: they would show how much the host varies,
      // but not how much arrivals do.
      seed: seedOf(seed, cell.name),
      timeoutSeconds: target.timeoutSeconds,
    },
    ...(requestsPerUser !== undefined && { requestsPerUser }),
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(startRatePerSecond !== undefined && { startRatePerSecond }),
    ...(ratePerSecond === undefined
      ? { thinkTime: thinkTime ?? String(thinkTimeSeconds) }
      : { ratePerSecond, ...(process !== undefined && { process }) }),
    ...(verify && { verify: true as const }),
  };
}

/**
 * Users started per second; undefined if all start at once.
 *
 * Clients that share a constant rate start one interval apart, so that their arrivals are evenly spaced. Users with
 * a constant think time who start `together` are spread over one think time: started at once, they would send in
 * step for the whole cell, and each would wait for all others at every request.
 */
export function cellStartRate(start: string, cell: Condition): number | undefined {
  const { users, thinkTimeSeconds, thinkTime, ratePerSecond, process } = cell;
  if (ratePerSecond !== undefined) return process === "constant" ? ratePerSecond : undefined;
  const rate = startRate(start);
  const isConstant = thinkTimeSeconds > 0 && thinkTime === undefined;
  return rate === undefined && isConstant && users > 1 ? users / thinkTimeSeconds : rate;
}
