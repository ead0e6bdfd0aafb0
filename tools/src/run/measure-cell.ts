import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LiveResult, RunWatch } from "@slbench/analyzer";
import {
  conditionOf,
  type FunctionCpuTime,
  formatCount,
  formatUsers,
  mean,
  quantileOfUnsorted,
} from "@slbench/analyzer/logs";
import {
  type Cell,
  cellPlanOptions,
  clientDeadlineSeconds,
  type Experiment,
  type PlanOptions,
  plannedRequests,
  renderPlan,
} from "@slbench/jmeter-plans";
import type { FunctionUnderTest } from "../environment/function.ts";
import { type MachineSamples, summarizeLoad, type TimeSpan } from "../environment/load-samples.ts";
import { watchLoad } from "../environment/machine.ts";
import type { Prepared } from "../environment/prepare.ts";
import type { ProcessorTime } from "../environment/processor-time.ts";
import { changesWithin, renderReplicas, summarizeReplicas } from "../environment/replica-log.ts";
import type { RmiKeys } from "../jmeter/keys.ts";
import { makeInside, removeInside, writeInside } from "../output-file.ts";
import type { Guard } from "../process/guard.ts";
import { readCellData, type UserData } from "../results/cell-data.ts";
import { followJournals, followSamples } from "../results/journals.ts";
import { describeLoss, type Reconciliation, reconcile } from "../results/reconcile.ts";
import {
  type CellState,
  isDone,
  type RunCell,
  type RunRecord,
  type Warning,
  writeJson,
} from "../results/result-folder.ts";
import { writeRecovered } from "../results/salvage.ts";
import { cellNotComplete, journalsLeft, responsesLeft } from "../results/warnings.ts";
import { type ClockComparison, estimateClocks, offsetsOf } from "../results/worker-clocks.ts";
import type { AskPort } from "../workers/heartbeat.ts";
import { journalFolderName, responseFolderName } from "../workers/journal-folder.ts";
import type { Fleet, WorkerSamples } from "../workers/local-fleet.ts";
import { type CellOutcome, runCell } from "./cell.ts";
import { type CellMonitor, monitorCell } from "./cell-monitor.ts";
import { decideState } from "./cell-state.ts";
import { LATE_SECONDS } from "./collapse.ts";
import type { Progress } from "./progress.ts";
import { describeRejected, findRejectedCell, type RejectedCell } from "./rejected.ts";
import { type Ramp, startLateness } from "./start-lateness.ts";
import { feedSteadyPart } from "./steady-responses.ts";

/** What all cells of a run share. */
export interface RunContext {
  readonly experiment: Experiment;
  readonly prepared: Prepared;
  readonly target: FunctionUnderTest;
  readonly guard: Guard;
  readonly keys: RmiKeys | undefined;
  readonly askPort: AskPort;
  readonly fleet: Fleet;
  readonly progress: Progress;
  readonly interrupted: AbortSignal;
  /** The result folder. */
  readonly folder: string;
  /** How the cell was measured; written to each cell's folder. */
  readonly about: Pick<
    RunRecord,
    "experiment" | "requestsPerUser" | "durationSeconds" | "backend" | "versions" | "hosts"
  >;
}

/** The cell to measure next. */
export interface NextCell {
  /** In the record already, or to be added to it. */
  readonly cell: RunCell;
  /** All cells of the run, as far as that is known. */
  readonly cells: number;
  /** Ends the cell once it misses the goal in any case, if its journals are on this machine; absent: it runs to its end. */
  readonly watch?: RunWatch;
}

export interface MeasuredCell {
  readonly state: CellState;
  readonly warnings: readonly Warning[];
  /** The function rejects everything, so further cells would show nothing else. */
  readonly rejected?: RejectedCell;
}

/** JMeter's own start and end around the clients' lives. */
const JMETER_MARGIN_SECONDS = 60;
/** After a cell's deadline, its clients still have this long to deliver their results. */
const HAND_IN_SECONDS = 30;

/**
 * Runs one cell and writes its folder as docs/data-formats.md describes. Failures of the cell are its state, not
 * errors.
 */
export async function measureCell(
  context: RunContext,
  { cell, cells, watch }: NextCell,
  number: number,
): Promise<MeasuredCell> {
  const place = await prepareCell(context, cell);
  const { durationSeconds } = context.experiment.load;
  const planned = plannedRequests(context.experiment, cell);
  context.progress.cellStarted({
    ...{ number, cells, users: cell.users, condition: describeCell(cell) },
    ...(planned !== undefined && { plannedRequests: planned }),
    ...(durationSeconds !== undefined && { durationSeconds }),
  });
  const measured = await runMeasured(context, cell, place, watch);
  const collected = await collectCell(context, place, measured);
  const result = assessCell(context, cell, place, measured, collected);
  await writeCell(context, place, measured, collected, result);
  return reportCell(context, cell, place, measured, collected, result);
}

/** Where a cell is measured, and what its cell.json begins with. */
interface CellPlace {
  readonly folder: string;
  readonly cellFile: string;
  readonly journals: string;
  /** The journals' folder on workers on other machines. */
  readonly awayJournals: string;
  /** The workers write their journals straight into this folder. */
  readonly near: boolean;
  readonly workers: readonly string[];
  /** The workers on this machine. */
  readonly workersHere: readonly string[];
  readonly plan: PlanOptions;
  readonly ramp: Ramp;
  readonly head: Readonly<Record<string, unknown>>;
}

async function prepareCell(context: RunContext, cell: Cell): Promise<CellPlace> {
  const { fleet } = context;
  const folder = join(context.folder, "cells", cell.name);
  await removeInside(context.folder, join("cells", cell.name), { recursive: true });
  for (const part of ["journals", "logs"]) await makeInside(context.folder, join("cells", cell.name, part));
  const journals = join(folder, "journals");
  const awayJournals = journalFolderName(basename(context.folder), cell.name);
  const plan = planOptions(context, cell, folder, awayJournals);
  await writeInside(folder, "plan.jmx", renderPlan(plan));
  const workers = fleet.workers.map((worker) => worker.address);
  const workersHere = fleet.workers.flatMap(({ address, child }) => (child === undefined ? [] : [address]));
  const near = plan.journalFolder === journals;
  const cellFile = join(folder, "cell.json");
  const head = {
    ...{ schema: "slbench.cell/2", ...cellKey(cell), workers, started: new Date().toISOString() },
    ...(!near && { journalFolder: awayJournals }),
  };
  await writeJson(cellFile, { ...head, state: "running" });
  const ramp = {
    ...{ users: cell.users, workers: workers.length },
    ...(plan.startRatePerSecond !== undefined && { startRatePerSecond: plan.startRatePerSecond }),
  };
  return { folder, cellFile, journals, awayJournals, near, workers, workersHere, plan, ramp, head };
}

/** How the plan ended, and what was observed around it. */
interface MeasuredPlan {
  readonly outcome: CellOutcome;
  readonly clocksBefore: readonly ClockComparison[];
  /** This machine's load, and that of workers on other machines. */
  readonly load: MachineSamples;
  readonly workerLoads: readonly WorkerSamples[];
  /** Absent if the gateway's count is not available. */
  readonly gatewayRequests?: number;
  /** That the function took meanwhile; absent if it is not known. */
  readonly functionTime?: ProcessorTime;
  /** When the controller was started, and when it had ended. */
  readonly span: TimeSpan;
}

async function runMeasured(
  context: RunContext,
  cell: Cell,
  place: CellPlace,
  watch: RunWatch | undefined,
): Promise<MeasuredPlan> {
  const { experiment, fleet, target } = context;
  const { folder, awayJournals, ramp, plan, workers } = place;
  const whyMissed = watch === undefined ? {} : { whyMissed: () => watch.whyMissed() };
  const monitor = monitorCell({ folder, fleet, awayJournals, ramp, ...whyMissed });
  const stopFollowing = followCell(context, place, monitor, watch && feedSteadyPart(cell.users, watch));
  const endLoad = watchLoad();
  const clocksBefore = await fleet.readClocks();
  const deadlineSeconds =
    cell.users / (plan.startRatePerSecond ?? Number.POSITIVE_INFINITY) +
    clientDeadlineSeconds(plan) +
    JMETER_MARGIN_SECONDS;
  const endWorkerLoads = fleet.watchLoads(deadlineSeconds + HAND_IN_SECONDS);
  const requestsBefore = await target.countRequests?.();
  const timeBefore = target.readProcessorTime?.();
  const fromMs = Date.now();
  let outcome: CellOutcome;
  try {
    outcome = await runCell({
      ...context,
      jmeter: context.prepared.jmeter,
      mode: experiment.jmeter.mode,
      clockOffsetsSeconds: offsetsOf(workers, clocksBefore),
      ...(target.died !== undefined && { functionDied: target.died }),
      ...{ folder, monitor, deadlineSeconds },
    });
  } finally {
    await stopFollowing();
  }
  const span = { fromMs, toMs: Date.now() };
  const load = endLoad();
  const workerLoads = await endWorkerLoads();
  const timeAfter = target.readProcessorTime?.();
  const requestsAfter = await target.countRequests?.();
  return {
    ...{ outcome, clocksBefore, load, workerLoads, span },
    ...(timeBefore !== undefined &&
      timeAfter !== undefined && {
        functionTime: { ...timeAfter, cpuSeconds: timeAfter.cpuSeconds - timeBefore.cpuSeconds },
      }),
    ...(requestsBefore !== undefined &&
      requestsAfter !== undefined && { gatewayRequests: requestsAfter - requestsBefore }),
  };
}

/** Updates progress and monitor every second; the returned function stops that, after a last look. */
function followCell(
  context: RunContext,
  { folder, journals, near }: CellPlace,
  monitor: CellMonitor,
  onRequest: Parameters<typeof followJournals>[1],
) {
  const count = near ? followJournals(journals, onRequest) : followSamples(join(folder, "samples.xml"));
  const look = async () => {
    const counts = await count();
    context.progress.update(counts);
    return counts;
  };
  let looking: Promise<void> | undefined;
  const ticker = setInterval(() => {
    // A saturated machine takes longer than a second; two readers would count twice.
    looking ??= look()
      .then((counts) => monitor.update(counts))
      .catch(() => {}) // the next attempt may succeed; the watchdog and the deadline do not depend on it
      .finally(() => {
        looking = undefined;
      });
  }, 1_000);
  return async () => {
    clearInterval(ticker);
    await looking;
    await look().catch(() => {});
  };
}

/** The cell's data on this machine. */
interface CollectedData {
  readonly data: readonly UserData[];
  /** Workers whose journals could not be fetched. */
  readonly journalsLeftOn: readonly string[];
  /** Workers whose saved response bodies could not be fetched. */
  readonly responsesLeftOn: readonly string[];
  readonly clocks: ReturnType<typeof estimateClocks>;
  readonly recoveredClients: number;
}

async function collectCell(
  { fleet, interrupted }: RunContext,
  { folder, journals, awayJournals, near, workers }: CellPlace,
  { outcome, clocksBefore }: MeasuredPlan,
): Promise<CollectedData> {
  const hurried = interrupted.aborted ? [sleep(1_500, near ? [] : workers)] : [];
  const [journalsLeftOn, responsesLeftOn] = await Promise.all([
    Promise.race([fleet.collectJournals(journals, awayJournals), ...hurried]),
    Promise.race([fleet.collectResponses(folder, awayJournals), ...hurried]),
  ]);
  const clocksAfter = interrupted.aborted ? [] : await fleet.readClocks();
  const data = await readCellData(folder, workers);
  const clocks = estimateClocks(workers, clocksBefore, clocksAfter, data);
  if (!isDone(outcome)) fleet.distrust();
  const recoveredClients = await writeRecovered(folder, data);
  return { data, journalsLeftOn, responsesLeftOn, clocks, recoveredClients };
}

/** What the data shows of the cell. */
interface CellResult {
  readonly state: CellState;
  /** Empty if the cell is complete. */
  readonly problem: string;
  readonly counts: Omit<Reconciliation, "warnings">;
  readonly warnings: readonly Warning[];
  readonly rejected?: RejectedCell;
}

function assessCell(
  { experiment }: RunContext,
  cell: Cell,
  { workers }: CellPlace,
  { outcome, gatewayRequests }: MeasuredPlan,
  { data }: CollectedData,
): CellResult {
  const { requestsPerUser } = experiment.load;
  const { warnings, ...counts } = reconcile({
    ...{ cellName: cell.name, users: cell.users, workers, data },
    ...(requestsPerUser !== undefined && { requestsPerUser }),
    ...(gatewayRequests !== undefined && { gatewayRequests }),
    ...(outcome.endedEarly !== undefined && { wasEnded: true }),
  });
  const rejected = outcome.state === "interrupted" ? undefined : findRejectedCell(cell.name, data);
  const state = rejected === undefined ? decideState(outcome, counts) : "failed";
  const lost = counts.lost.map(describeLoss).join("; ");
  const problem = isDone({ state })
    ? ""
    : ((rejected && describeRejected(rejected)) ?? outcome.problem ?? lost);
  return { state, problem, counts, warnings, ...(rejected !== undefined && { rejected }) };
}

async function writeCell(
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

/** Prints how the cell ended and returns it for run.json. */
function reportCell(
  { progress, folder }: RunContext,
  { name }: Cell,
  { awayJournals }: CellPlace,
  { outcome }: MeasuredPlan,
  { data, journalsLeftOn, responsesLeftOn }: CollectedData,
  { state, problem, warnings, rejected }: CellResult,
): MeasuredCell {
  const requests = describeRequests(data);
  const why = state === "ended-early" ? `ended early: ${outcome.endedEarly}` : `${state}: ${problem}`;
  progress.cellEnded({
    state,
    text: state === "complete" ? requests : `${why}; ${requests}`,
    result: liveResult(data),
  });
  for (const warning of warnings) progress.warn(`  ! ${warning.message}`);
  const complete = isDone({ state });
  const notComplete = complete ? [] : [cellNotComplete(name, state, problem)];
  const awayResponses = responseFolderName(awayJournals);
  const left = [
    ...(complete || journalsLeftOn.length === 0
      ? []
      : [journalsLeft(name, journalsLeftOn, awayJournals, folder)]),
    ...(responsesLeftOn.length === 0 ? [] : [responsesLeft(name, responsesLeftOn, awayResponses, folder)]),
  ];
  for (const warning of left) progress.warn(`  ! ${warning.message}\n    ${warning.hint}`);
  return {
    state,
    warnings: [...notComplete, ...left, ...warnings],
    ...(rejected !== undefined && { rejected }),
  };
}

const secondsOf = ({ fromMs, toMs }: TimeSpan) => (toMs - fromMs) / 1000;

const cellKey = ({ name, repetition, ...condition }: Cell) => ({
  ...{ name, ...conditionOf(condition), repetition },
});

export function describeCell(cell: Cell): string {
  const { users, thinkTimeSeconds, thinkTime, ratePerSecond, process, replicaCount } = cell;
  if (ratePerSecond !== undefined) return `${ratePerSecond} requests per second (${process})`;
  const served = replicaCount === undefined ? "" : `, ${formatCount(replicaCount, "replica")}`;
  return `${formatUsers(users)}, think ${thinkTime ?? `${thinkTimeSeconds} s`}${served}`;
}

/** A first look at a cell, over its whole run. */
function liveResult(data: readonly UserData[]): LiveResult {
  const trips = data.flatMap(({ journal }) => journal?.requests.map((one) => one.roundTripSeconds) ?? []);
  const meanSeconds = mean(trips);
  return {
    ...countRequests(data),
    ...(meanSeconds !== undefined && { meanSeconds, p95Seconds: quantileOfUnsorted(trips, 0.95) }),
  };
}

function describeRequests(data: readonly UserData[]): string {
  const { sent, successful } = countRequests(data);
  return `${successful} of ${sent} requests successful`;
}

function countRequests(data: readonly UserData[]): { readonly sent: number; readonly successful: number } {
  const requests = data.flatMap(({ report, journal }) => [
    report ?? {
      requests: journal?.requests.length ?? 0,
      successful: journal?.requests.filter(isSuccessful).length ?? 0,
    },
  ]);
  const sum = (pick: (row: { requests: number; successful: number }) => number) =>
    requests.reduce((total, row) => total + pick(row), 0);
  return { sent: sum((row) => row.requests), successful: sum((row) => row.successful) };
}

const isSuccessful = (request: { readonly outcome: string }) => request.outcome === "ok";

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

function planOptions(context: RunContext, cell: Cell, folder: string, awayJournals: string): PlanOptions {
  const { experiment, fleet } = context;
  return {
    ...cellPlanOptions(experiment, cell, fleet.workers.length),
    ...fleet.paths(join(folder, "journals"), awayJournals),
    resultXml: join(folder, "samples.xml"),
    resultCsv: join(folder, "samples.csv"),
  };
}
