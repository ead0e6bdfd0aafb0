import { type Condition, cellFolderName } from "@slbench/client/condition";
import type { Experiment } from "../experiment/experiment.ts";
import { readThinkTime } from "../experiment/load-fields.ts";

/** One condition of an experiment, once. */
export interface Cell extends Condition {
  /** `u04-t1-r1` (users, think time in seconds, repetition) or `r02_5-r1` (rate, repetition); as its folder. */
  readonly name: string;
  readonly repetition: number;
}

/** All cells, as written: repetition by repetition, think time by think time, users or rates in the file's order. */
export function experimentCells(experiment: Experiment): readonly Cell[] {
  const conditions = experimentConditions(experiment);
  return Array.from({ length: experiment.load.repetitions }, (_, index) => index + 1).flatMap((repetition) =>
    conditions.map((condition) => ({
      name: cellFolderName(condition, repetition),
      ...condition,
      repetition,
    })),
  );
}

function experimentConditions({ load, jmeter }: Experiment): readonly Condition[] {
  const { users, thinkTimeSeconds, arrivals } = load;
  // One client per worker: a client holds many requests in flight.
  const clients = jmeter.remoteHosts.length || jmeter.localWorkers;
  if (arrivals !== undefined) {
    const { process } = arrivals;
    return arrivals.ratePerSecond.map((ratePerSecond) => ({
      ...{ users: clients, thinkTimeSeconds: 0, ratePerSecond, process },
    }));
  }
  return thinkTimeSeconds.flatMap((think) =>
    users.map((count) => ({ users: count, ...readThinkTime(think) })),
  );
}

/** Requests that a cell sends; undefined if its users send for a time. */
export function plannedRequests(
  { load }: Pick<Experiment, "load">,
  { users }: Pick<Condition, "users">,
): number | undefined {
  return load.requestsPerUser === undefined ? undefined : users * load.requestsPerUser;
}
