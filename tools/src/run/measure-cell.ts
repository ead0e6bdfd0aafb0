import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Cell,
  clientDeadlineSeconds,
  type Experiment,
  type PlanOptions,
  renderPlan,
} from "@slbench/jmeter-plans";
import type { FunctionUnderTest } from "../environment/function.ts";
import { watchLoad } from "../environment/machine.ts";
import type { Prepared } from "../environment/prepare.ts";
import type { RmiKeys } from "../jmeter/keys.ts";
import { makeInside, removeInside, writeInside } from "../output-file.ts";
import type { Guard } from "../process/guard.ts";
import { readCellData, type UserData } from "../results/cell-data.ts";
import { followJournals, followSamples } from "../results/journals.ts";
import { describeLoss, type Reconciliation, reconcile } from "../results/reconcile.ts";
import { type RunRecord, type Warning, writeJson } from "../results/result-folder.ts";
import { writeRecovered } from "../results/salvage.ts";
import { journalsLeft } from "../workers/collect-journals.ts";
import type { AskPort } from "../workers/heartbeat.ts";
import { journalFolderName } from "../workers/journal-folder.ts";
import type { Fleet } from "../workers/local-fleet.ts";
import { estimateClocks, offsetsOf } from "../workers/worker-clocks.ts";
import { type CellOutcome, type CellState, runCell } from "./cell.ts";
import { monitorCell } from "./cell-monitor.ts";
import { LATE_SECONDS } from "./collapse.ts";
import type { Progress } from "./progress.ts";
import { describeRejected, findRejectedCell, type RejectedCell } from "./rejected.ts";
import { startLateness } from "./start-lateness.ts";

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
  /** What each cell's folder tells of how it was measured. */
  readonly about: Pick<RunRecord, "experiment" | "requestsPerUser" | "backend" | "versions" | "hosts">;
}

export interface MeasuredCell {
  readonly state: CellState;
  readonly warnings: readonly Warning[];
  /** The function rejects everything, so further cells would show nothing else. */
  readonly rejected?: RejectedCell;
}

/** JMeter's own start and end around the clients' lives. */
const JMETER_MARGIN_SECONDS = 60;

/** Runs one cell and leaves its folder as docs/data-formats.md says; never throws for what happens in it. */
export async function measureCell(
  context: RunContext,
  cell: Cell,
  number: number,
  cells: number,
): Promise<MeasuredCell> {
  const { experiment, progress } = context;
  const folder = join(context.folder, "cells", cell.name);
  await removeInside(context.folder, join("cells", cell.name), { recursive: true });
  for (const part of ["journals", "logs"]) await makeInside(context.folder, join("cells", cell.name, part));
  const awayJournals = journalFolderName(basename(context.folder), cell.name);
  const plan = planOptions(context, cell, folder, awayJournals);
  await writeInside(folder, "plan.jmx", renderPlan(plan));
  progress.cellStarted({ number, cells, ...cell, plannedRequests: cell.users * experiment.requestsPerUser });

  const started = new Date();
  const workers = context.fleet.workers.map((worker) => worker.address);
  const cellFile = join(folder, "cell.json");
  const head = { schema: "slbench.cell/2", ...cellKey(cell), workers, started: started.toISOString() };
  const journals = join(folder, "journals");
  const near = context.fleet.paths(journals, awayJournals).journalFolder === journals;
  const away = near ? {} : { journalFolder: awayJournals };
  await writeJson(cellFile, { ...head, ...away, state: "running" });
  const ramp = {
    ...{ users: cell.users, workers: workers.length },
    startRatePerSecond: experiment.load.startRatePerSecond,
  };
  const monitor = monitorCell({ folder, fleet: context.fleet, awayJournals, ramp });
  const count = near ? followJournals(journals) : followSamples(join(folder, "samples.xml"));
  let counting = false;
  const ticker = setInterval(() => {
    if (counting) return; // a saturated machine takes longer than a second; two readers would count twice
    counting = true;
    void count()
      .then((counts) => {
        progress.update(counts);
        return monitor.update(counts);
      })
      .catch(() => {}) // the next look may succeed; the watchdog and the deadline do not depend on it
      .finally(() => {
        counting = false;
      });
  }, 1_000);
  const endLoad = watchLoad();
  const clocksBefore = await context.fleet.readClocks();
  const endWorkerLoads = context.fleet.watchLoads();
  const requestsBefore = await context.target.countRequests?.();
  let outcome: CellOutcome;
  try {
    outcome = await runCell({
      ...context,
      jmeter: context.prepared.jmeter,
      mode: experiment.jmeter.mode,
      clockOffsetsSeconds: offsetsOf(workers, clocksBefore),
      ...(context.target.died !== undefined && { functionDied: context.target.died }),
      folder,
      monitor,
      deadlineSeconds:
        cell.users / experiment.load.startRatePerSecond + clientDeadlineSeconds(plan) + JMETER_MARGIN_SECONDS,
    });
  } finally {
    clearInterval(ticker);
  }
  const load = endLoad();
  const workerLoads = await endWorkerLoads();
  const requestsAfter = await context.target.countRequests?.();
  const collected = context.fleet.collectJournals(journals, awayJournals);
  const hurried = context.interrupted.aborted ? [sleep(1_500, near ? [] : workers)] : [];
  const journalsLeftOn = await Promise.race([collected, ...hurried]);
  const clocksAfter = context.interrupted.aborted ? [] : await context.fleet.readClocks();
  const data = await readCellData(folder, workers);
  const clocks = estimateClocks(workers, clocksBefore, clocksAfter, data);
  const { warnings, ...counts } = reconcile({
    ...{ cellName: cell.name, users: cell.users, requestsPerUser: experiment.requestsPerUser, workers, data },
    ...(requestsBefore !== undefined &&
      requestsAfter !== undefined && { gatewayRequests: requestsAfter - requestsBefore }),
  });
  const lateness = startLateness(startedUsers(data), ramp, LATE_SECONDS);
  if (outcome.state !== "complete") context.fleet.distrust();
  const recoveredClients = await writeRecovered(folder, data);
  const rejected = outcome.state === "interrupted" ? undefined : findRejectedCell(cell.name, data);
  const state = rejected === undefined ? judge(outcome, counts) : "failed";
  const lost = counts.lost.map(describeLoss).join("; ");
  const problem =
    state === "complete" ? "" : ((rejected && describeRejected(rejected)) ?? outcome.problem ?? lost);
  await writeJson(cellFile, {
    ...{ ...head, ...away },
    ...(journalsLeftOn.length > 0 && { journalsLeftOn }),
    ended: new Date().toISOString(),
    ...outcome,
    state,
    ...(rejected !== undefined && { rejection: rejected.rejection }),
    ...(problem !== "" && { problem }),
    reconciliation: counts,
    recoveredClients,
    load,
    clocks,
    ...(workerLoads.length > 0 && { workerLoads }),
    ...(lateness !== undefined && { startLateness: lateness }),
    about: context.about,
    warnings,
  });
  progress.cellEnded(
    state === "complete" ? describeRequests(data) : `${state}: ${problem}; ${describeRequests(data)}`,
  );
  for (const warning of warnings) progress.say(`  ! ${warning.message}`);
  const notComplete: readonly Warning[] =
    state === "complete"
      ? []
      : [
          {
            code: "RUN_CELL_NOT_COMPLETE",
            message: `${state}: ${problem}`,
            hint: `see cells/${cell.name}/logs; slbench run --resume repeats it`,
            cell: cell.name,
          },
        ];
  const left =
    state === "complete" ? [] : journalsLeft(cell.name, journalsLeftOn, awayJournals, context.folder);
  for (const warning of left) progress.say(`  ! ${warning.message}\n    ${warning.hint}`);
  return {
    state,
    warnings: [...notComplete, ...left, ...warnings],
    ...(rejected !== undefined && { rejected }),
  };
}

/** JMeter's word alone does not count, neither that all went well nor that nothing was measured. */
export function judge(
  { state: said, endNotHeard }: Pick<CellOutcome, "state" | "endNotHeard">,
  counts: Pick<Reconciliation, "lost" | "reportedRequests" | "journalRequests">,
): CellState {
  if (endNotHeard === true && counts.lost.length === 0) return "complete";
  if (said === "complete" && counts.lost.length > 0) return "incomplete";
  if (said === "failed" && counts.reportedRequests + counts.journalRequests > 0) return "incomplete";
  return said;
}

const cellKey = ({ name, users, thinkTimeSeconds, repetition }: Cell) => ({
  ...{ name, users, thinkTimeSeconds, repetition },
});

function describeRequests(data: readonly UserData[]): string {
  const requests = data.flatMap(({ report, journal }) => [
    report ?? {
      requests: journal?.requests.length ?? 0,
      successful: journal?.requests.filter(isSuccessful).length ?? 0,
    },
  ]);
  const sum = (pick: (row: { requests: number; successful: number }) => number) =>
    requests.reduce((total, row) => total + pick(row), 0);
  return `${sum((row) => row.successful)} of ${sum((row) => row.requests)} requests answered`;
}

const isSuccessful = (request: { readonly outcome: string }) => request.outcome === "ok";

const startedUsers = (data: readonly UserData[]) =>
  data.flatMap(({ worker, user, journal }) =>
    journal === undefined
      ? []
      : [{ worker: worker, user, startedMs: journal.head.startedEpochMicros / 1000 }],
  );

function planOptions(context: RunContext, cell: Cell, folder: string, awayJournals: string): PlanOptions {
  const { experiment } = context;
  return {
    name: `${experiment.name} ${cell.name}`,
    users: cell.users,
    thinkTimeSeconds: cell.thinkTimeSeconds,
    requestsPerUser: experiment.requestsPerUser,
    startRatePerSecond: experiment.load.startRatePerSecond,
    workers: context.fleet.workers.length,
    url: context.target.url,
    timeoutSeconds: experiment.function.timeoutSeconds,
    encoding: experiment.encoding,
    format: experiment.format,
    ...context.fleet.paths(join(folder, "journals"), awayJournals),
    resultXml: join(folder, "samples.xml"),
    resultCsv: join(folder, "samples.csv"),
  };
}
