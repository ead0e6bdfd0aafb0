import type { FunctionCpuTime } from "@slbench/analyzer/logs";
import { summarizeLoad, type TimeSpan } from "../../environment/load-samples.ts";
import { changesWithin, renderReplicas, summarizeReplicas } from "../../environment/replica-log.ts";
import { writeInside } from "../../files/output-file.ts";
import type { UserData } from "../../results/cell-data.ts";
import { writeJson } from "../../results/result-folder.ts";
import type { RunContext } from "../context.ts";
import type { CellResult } from "./assess.ts";
import { LATE_SECONDS } from "./collapse.ts";
import type { CollectedData } from "./collect.ts";
import type { MeasuredPlan } from "./measured-plan.ts";
import type { CellPlace } from "./place.ts";
import { startLateness } from "./start-lateness.ts";

/** Writes cell.json, and the replicas over time. */
export async function writeCell(
  { about, target }: RunContext,
  { folder, cellFile, head, ramp, workers, workersHere }: CellPlace,
  { outcome, load, workerLoads, functionTime, span: cellSpan }: MeasuredPlan,
  { data, journalsLeftOn, responsesLeftOn, clocks, recoveredClients }: CollectedData,
  { state, problem, counts, warnings, rejected }: CellResult,
): Promise<void> {
  const offsets = workers.map((address) => knownOffset(clocks, address));
  const lateness = startLateness(startedUsers(data), ramp, LATE_SECONDS, offsets);
  const span = usersSpan(data, offsets);
  const replicas = target.replicaChanges?.();
  if (replicas !== undefined)
    await writeInside(folder, "replicas.csv", renderReplicas(changesWithin(replicas, cellSpan)));
  await writeJson(cellFile, {
    ...head,
    ...(journalsLeftOn.length > 0 && { journalsLeftOn }),
    ...(responsesLeftOn.length > 0 && { responsesLeftOn }),
    ended: new Date().toISOString(),
    ...outcome,
    state,
    ...(rejected !== undefined && { rejection: rejected.rejection }),
    ...(problem !== "" && { problem }),
    reconciliation: counts,
    recoveredClients,
    load: { ...summarizeLoad(load, span), workers: workersHere },
    ...(functionTime !== undefined && {
      functionCpu: { ...functionTime, seconds: secondsOf(span ?? cellSpan) } satisfies FunctionCpuTime,
    }),
    ...(replicas !== undefined && { replicas: summarizeReplicas(replicas, span ?? cellSpan) }),
    clocks,
    ...(workerLoads.length > 0 && {
      workerLoads: workerLoads.flatMap(({ worker, ...seen }) => {
        const summed = summarizeLoad(seen, span);
        return summed === undefined ? [] : [{ worker, ...summed }];
      }),
    }),
    ...(lateness !== undefined && {
      startLateness: {
        ...lateness,
        workers: lateness.workers.map((one) => ({ ...one, worker: workers[one.worker - 1] })),
      },
    }),
    about,
    warnings,
  });
}

const secondsOf = ({ fromMs, toMs }: TimeSpan) => (toMs - fromMs) / 1000;

const startedUsers = (data: readonly UserData[]) =>
  data.flatMap(({ worker, user, journal }) =>
    journal === undefined
      ? []
      : [{ worker: worker, user, startedMs: journal.head.startedEpochMicros / 1000 }],
  );

/** A worker's clock minus this machine's; undefined if they are not known well enough to compare starts. */
function knownOffset(clocks: CollectedData["clocks"], address: string): number | undefined {
  const { offsetSeconds, uncertaintySeconds = Number.POSITIVE_INFINITY } =
    clocks.find(({ worker }) => worker === address) ?? {};
  return uncertaintySeconds <= MAX_CLOCK_UNCERTAINTY_SECONDS ? offsetSeconds : undefined;
}

/** A quarter of what counts as a late start. */
const MAX_CLOCK_UNCERTAINTY_SECONDS = LATE_SECONDS / 4;

/** From the first client's start to the last response, by this machine's clock; undefined without journals. */
function usersSpan(
  data: readonly UserData[],
  offsetsSeconds: readonly (number | undefined)[],
): TimeSpan | undefined {
  const times = data.flatMap(({ worker, journal }) => {
    if (journal === undefined) return [];
    const offsetMs = (offsetsSeconds[worker - 1] ?? 0) * 1000;
    const last = journal.requests.at(-1);
    const startedMs = journal.head.startedEpochMicros / 1000;
    const endedMs =
      last === undefined ? startedMs : last.startEpochMicros / 1000 + last.roundTripSeconds * 1000;
    return [{ fromMs: startedMs - offsetMs, toMs: endedMs - offsetMs }];
  });
  if (times.length === 0) return undefined;
  return {
    fromMs: times.reduce((least, { fromMs }) => Math.min(least, fromMs), Number.POSITIVE_INFINITY),
    toMs: times.reduce((most, { toMs }) => Math.max(most, toMs), Number.NEGATIVE_INFINITY),
  };
}
