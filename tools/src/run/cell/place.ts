import { basename, join } from "node:path";
import { conditionOf } from "@slbench/analyzer/logs";
import { type Cell, cellPlanOptions, type PlanOptions, renderPlan } from "@slbench/jmeter-plans";
import { makeInside, removeInside, writeInside } from "../../files/output-file.ts";
import { writeJson } from "../../results/result-folder.ts";
import { journalFolderName } from "../../workers/journal-folder.ts";
import type { RunContext } from "../context.ts";
import type { Ramp } from "./start-lateness.ts";

/** Where a cell is measured, and what its cell.json begins with. */
export interface CellPlace {
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

/** Empties the cell's folder and writes its plan. */
export async function prepareCell(context: RunContext, cell: Cell): Promise<CellPlace> {
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

const cellKey = ({ name, repetition, ...condition }: Cell) => ({
  ...{ name, ...conditionOf(condition), repetition },
});

function planOptions(context: RunContext, cell: Cell, folder: string, awayJournals: string): PlanOptions {
  const { experiment, fleet } = context;
  return {
    ...cellPlanOptions(experiment, cell, fleet.workers.length),
    ...fleet.paths(join(folder, "journals"), awayJournals),
    resultXml: join(folder, "samples.xml"),
    resultCsv: join(folder, "samples.csv"),
  };
}
