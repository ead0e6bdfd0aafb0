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
import type { AskPort } from "../jmeter/heartbeat.ts";
import type { RmiKeys } from "../jmeter/keys.ts";
import { type CellOutcome, type CellState, runCell } from "./cell.ts";
import { readCellData, type UserData } from "./cell-data.ts";
import type { Fleet } from "./fleet.ts";
import type { FunctionUnderTest } from "./function.ts";
import type { Guard } from "./guard.ts";
import { followJournals, followSamples } from "./journals.ts";
import { watchLoad } from "./machine.ts";
import type { Prepared } from "./prepare.ts";
import type { Progress } from "./progress.ts";
import { describeLoss, type Reconciliation, reconcile } from "./reconcile.ts";
import { type RunRecord, type Warning, writeJson } from "./result-folder.ts";
import { writeRecovered } from "./salvage.ts";

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
  readonly about: Pick<RunRecord, "experiment" | "framesPerClient" | "backend" | "versions" | "hosts">;
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
  progress.cellStarted({ number, cells, ...cell, plannedFrames: cell.users * experiment.framesPerClient });

  const started = new Date();
  const slaves = context.fleet.slaves.map((slave) => slave.address);
  const cellFile = join(folder, "cell.json");
  const head = { schema: "slbench.cell/1", ...cellKey(cell), slaves, started: started.toISOString() };
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
  const data = await readCellData(folder, slaves);
  const { warnings, ...counts } = reconcile({
    ...{ cellName: cell.name, users: cell.users, framesPerClient: experiment.framesPerClient, slaves, data },
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
    state === "complete" ? describeFrames(data) : `${state}: ${problem}; ${describeFrames(data)}`,
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
  counts: Pick<Reconciliation, "lost" | "reportedFrames" | "journalFrames">,
): CellState {
  if (said === "complete" && counts.lost.length > 0) return "incomplete";
  if (said === "failed" && counts.reportedFrames + counts.journalFrames > 0) return "incomplete";
  return said;
}

const cellKey = ({ name, users, thinkTimeSeconds, repetition }: Cell) => ({
  ...{ name, users, thinkTimeSeconds, repetition },
});

function describeFrames(data: readonly UserData[]): string {
  const frames = data.flatMap(({ report, journal }) => [
    report ?? {
      frames: journal?.frames.length ?? 0,
      answered: journal?.frames.filter(isAnswered).length ?? 0,
    },
  ]);
  const sum = (pick: (row: { frames: number; answered: number }) => number) =>
    frames.reduce((total, row) => total + pick(row), 0);
  return `${sum((row) => row.answered)} of ${sum((row) => row.frames)} frames answered`;
}

const isAnswered = (frame: { readonly outcome: string }) => frame.outcome === "ok";

function planOptions(context: RunContext, cell: Cell, folder: string): PlanOptions {
  const { experiment } = context;
  return {
    name: `${experiment.name} ${cell.name}`,
    users: cell.users,
    thinkTimeSeconds: cell.thinkTimeSeconds,
    framesPerClient: experiment.framesPerClient,
    startRatePerSecond: experiment.load.startRatePerSecond,
    slaves: context.fleet.slaves.length,
    url: context.target.url,
    timeoutSeconds: experiment.function.timeoutSeconds,
    encoding: experiment.encoding,
    format: experiment.format,
    ...context.fleet.paths(join(folder, "journals")),
    resultXml: join(folder, "samples.xml"),
    resultCsv: join(folder, "samples.csv"),
  };
}
