import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
import type { Fleet } from "./fleet.ts";
import type { FunctionUnderTest } from "./function.ts";
import type { Guard } from "./guard.ts";
import { followJournals } from "./journals.ts";
import { watchLoad } from "./machine.ts";
import type { Prepared } from "./prepare.ts";
import type { Progress } from "./progress.ts";
import { type Warning, writeJson } from "./result-folder.ts";

/** What all cells of a run share. */
export interface RunContext {
  readonly experiment: Experiment;
  readonly prepared: Prepared;
  readonly target: FunctionUnderTest;
  readonly guard: Guard;
  readonly keys: RmiKeys;
  readonly askPort: AskPort;
  readonly fleet: Fleet;
  readonly progress: Progress;
  readonly interrupted: AbortSignal;
  /** The result folder. */
  readonly folder: string;
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
  const count = followJournals(join(folder, "journals"));
  const ticker = setInterval(() => void count().then(progress.update), 1_000);
  const endLoad = watchLoad();
  let outcome: CellOutcome;
  try {
    await context.fleet.revive();
    outcome = await runCell({
      ...context,
      jmeter: context.prepared.jmeter,
      masterHost: "127.0.0.1",
      slaves: context.fleet.slaves,
      folder,
      deadlineSeconds:
        cell.users / experiment.load.startRatePerSecond + clientDeadlineSeconds(plan) + JMETER_MARGIN_SECONDS,
    });
  } finally {
    clearInterval(ticker);
  }
  const counts = await count();
  await writeJson(join(folder, "cell.json"), {
    schema: "slbench.cell/1",
    ...cell,
    started: started.toISOString(),
    ended: new Date().toISOString(),
    ...outcome,
    load: endLoad(),
  });
  progress.cellEnded(
    outcome.state === "complete"
      ? `${counts.answered} of ${counts.frames} frames answered`
      : `${outcome.state}: ${outcome.problem}`,
  );
  const warnings: Warning[] =
    outcome.state === "complete"
      ? []
      : [
          {
            code: "RUN_CELL_NOT_COMPLETE",
            message: `${cell.name} is ${outcome.state}: ${outcome.problem}`,
            hint: `see ${join(folder, "logs")}`,
          },
        ];
  return { state: outcome.state, warnings };
}

function planOptions(context: RunContext, cell: Cell, folder: string): PlanOptions {
  const { experiment, prepared } = context;
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
    client: prepared.client.path,
    framesFolder: prepared.frames.folder,
    journalFolder: join(folder, "journals"),
    resultXml: join(folder, "samples.xml"),
    resultCsv: join(folder, "samples.csv"),
  };
}
