import type { Experiment } from "./experiment.ts";
import { startRate } from "./load-fields.ts";
import type { Cell } from "./matrix.ts";
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
      seed,
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

/** Clients that share a constant rate start one interval apart, so that their arrivals are evenly spaced. */
function cellStartRate(start: string, { ratePerSecond, process }: Cell): number | undefined {
  if (ratePerSecond === undefined) return startRate(start);
  return process === "constant" ? ratePerSecond : undefined;
}
