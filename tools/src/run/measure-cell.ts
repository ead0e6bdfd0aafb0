import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
import type { Guard } from "../process/guard.ts";
import { readCellData, type UserData } from "../results/cell-data.ts";
import { followJournals, followSamples } from "../results/journals.ts";
import { describeLoss, type Reconciliation, reconcile } from "../results/reconcile.ts";
import { type RunRecord, type Warning, writeJson } from "../results/result-folder.ts";
import { writeRecovered } from "../results/salvage.ts";
import type { AskPort } from "../workers/heartbeat.ts";
import type { Fleet } from "../workers/local-fleet.ts";
import { type CellOutcome, type CellState, runCell } from "./cell.ts";
import type { Progress } from "./progress.ts";

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
  await rm(folder, { recursive: true, force: true });
  for (const part of ["journals", "logs"]) await mkdir(join(folder, part), { recursive: true });
  const plan = planOptions(context, cell, folder);
  await writeFile(join(folder, "plan.jmx"), renderPlan(plan));
  progress.cellStarted({ number, cells, ...cell, plannedRequests: cell.users * experiment.requestsPerUser });

  const started = new Date();
  const workers = context.fleet.workers.map((worker) => worker.address);
  const cellFile = join(folder, "cell.json");
  const head = { schema: "slbench.cell/2", ...cellKey(cell), workers, started: started.toISOString() };
  await writeJson(cellFile, { ...head, state: "running" });
  const journals = join(folder, "journals");
  const near = context.fleet.paths(journals).journalFolder === journals;
  const count = near ? followJournals(journals) : followSamples(join(folder, "samples.xml"));
  const ticker = setInterval(() => void count().then(progress.update), 1_000);
  const endLoad = watchLoad();
  const requestsBefore = await context.target.countRequests?.();
  let outcome: CellOutcome;
  try {
    outcome = await runCell({
      ...context,
      jmeter: context.prepared.jmeter,
      mode: experiment.jmeter.mode,
      ...(context.target.died !== undefined && { functionDied: context.target.died }),
      folder,
      deadlineSeconds:
        cell.users / experiment.load.startRatePerSecond + clientDeadlineSeconds(plan) + JMETER_MARGIN_SECONDS,
    });
  } finally {
    clearInterval(ticker);
  }
  const load = endLoad();
  const requestsAfter = await context.target.countRequests?.();
  const collected = context.fleet.collectJournals(journals);
  await Promise.race([collected, ...(context.interrupted.aborted ? [sleep(1_500)] : [])]);
  const data = await readCellData(folder, workers);
  const { warnings, ...counts } = reconcile({
    ...{ cellName: cell.name, users: cell.users, requestsPerUser: experiment.requestsPerUser, workers, data },
    ...(requestsBefore !== undefined &&
      requestsAfter !== undefined && { gatewayRequests: requestsAfter - requestsBefore }),
  });
  if (outcome.state !== "complete") context.fleet.distrust();
  const recoveredClients = await writeRecovered(folder, data);
  const state = judge(outcome.state, counts);
  const problem = outcome.problem ?? counts.lost.map(describeLoss).join("; ");
  await writeJson(cellFile, {
    ...head,
    ended: new Date().toISOString(),
    ...outcome,
    state,
    ...(problem !== "" && { problem }),
    reconciliation: counts,
    recoveredClients,
    load,
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
  return { state, warnings: [...notComplete, ...warnings] };
}

/** JMeter's word alone does not count, neither that all went well nor that nothing was measured. */
function judge(
  said: CellState,
  counts: Pick<Reconciliation, "lost" | "reportedRequests" | "journalRequests">,
): CellState {
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
      answered: journal?.requests.filter(isAnswered).length ?? 0,
    },
  ]);
  const sum = (pick: (row: { requests: number; answered: number }) => number) =>
    requests.reduce((total, row) => total + pick(row), 0);
  return `${sum((row) => row.answered)} of ${sum((row) => row.requests)} requests answered`;
}

const isAnswered = (request: { readonly outcome: string }) => request.outcome === "ok";

function planOptions(context: RunContext, cell: Cell, folder: string): PlanOptions {
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
    ...context.fleet.paths(join(folder, "journals")),
    resultXml: join(folder, "samples.xml"),
    resultCsv: join(folder, "samples.csv"),
  };
}
