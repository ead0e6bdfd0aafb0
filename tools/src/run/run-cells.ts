import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { makeInside } from "../files/output-file.ts";
import { shellWord } from "../help/shell-word.ts";
import type { Recorder } from "../results/record.ts";
import { isDone, type RunCell, type RunRecord } from "../results/result-folder.ts";
import { workerRestarted } from "../results/warnings.ts";
import { describeCell } from "./cell/describe.ts";
import { measureCell, type NextCell } from "./cell/measure-cell.ts";
import type { RunContext } from "./context.ts";
import { functionDied } from "./function-died.ts";
import type { Progress } from "./progress.ts";
import type { RejectedCell } from "./rejected.ts";
import { demandSpace } from "./resumable.ts";

/**
 * Decides which cell is measured next; asked again after each one. The record's cells have their states by then.
 * @returns undefined if the run is done
 */
export type CellPlan = (record: RunRecord, folder: string) => Promise<NextCell | undefined>;

/** Each planned cell once, in the order of the record. */
export function inPlannedOrder(): CellPlan {
  const tried = new Set<string>();
  return async ({ cells }) => {
    const cell = cells.find((one) => !isDone(one) && !tried.has(one.name));
    if (cell === undefined) return undefined;
    tried.add(cell.name);
    return { cell, cells: cells.length };
  };
}

/** What runs cells, and gives the function each cell's replicas first. */
export interface CellContext extends RunContext {
  readonly scale: (cell: RunCell) => Promise<void>;
}

/** Runs cells one after the other until one has every request rejected; returns that one. */
export async function runCells(
  context: CellContext,
  recorder: Recorder,
  plan: CellPlan,
): Promise<RejectedCell | undefined> {
  const { experiment, interrupted, progress, folder } = context;
  let measured = 0;
  let howItDied: string | undefined;
  let rejected: RejectedCell | undefined;
  void context.target.died?.then((how) => {
    howItDied = how;
  });
  while (rejected === undefined) {
    if (interrupted.aborted || howItDied !== undefined) break;
    const next = await plan(recorder.record, folder);
    if (next === undefined) break;
    if (measured > 0) await coolDown(experiment.load.coolDownSeconds, interrupted, progress);
    if (interrupted.aborted || howItDied !== undefined) break;
    if (!recorder.record.cells.some(({ name }) => name === next.cell.name)) {
      await recorder.add(next.cell);
      showPlan(progress, folder, recorder.record);
    }
    await context.scale(next.cell);
    rejected = await runRecorded(context, recorder, next);
    measured++;
  }
  await recorder.end(interrupted.aborted);
  if (howItDied === undefined || interrupted.aborted) return rejected;
  throw functionDied(context.target, `(${howItDied})`, `slbench run --resume ${shellWord(folder)} continues`);
}

/** Runs one cell of the record and records how it ended. */
async function runRecorded(
  context: RunContext,
  recorder: Recorder,
  next: NextCell,
): Promise<RejectedCell | undefined> {
  const { cell } = next;
  const index = recorder.record.cells.findIndex(({ name }) => name === cell.name);
  await putAside(context.folder, cell);
  const replaced = await context.fleet.revive().catch(async (error: unknown) => {
    await recorder.end(false);
    throw incomplete(error, context.folder, index);
  });
  await recorder.cell(cell.name, "running", []);
  const { state, warnings, rejected } = await measureCell(context, next, index + 1);
  await recorder.cell(cell.name, state, [
    ...replaced.map((address) => workerRestarted(cell.name, address)),
    ...warnings,
  ]);
  if (state === "incomplete" || state === "failed") await demandSpace(context.folder);
  return rejected;
}

/** A worker that cannot be restarted ends the run; the results so far stay. */
function incomplete(error: unknown, folder: string, cellsBefore: number): unknown {
  if (!(error instanceof SlbenchError) || cellsBefore === 0) return error;
  const hint = `${error.hint}; then slbench run --resume ${shellWord(folder)}`;
  return new SlbenchError<ToolErrorCode>(error.code, error.message, { hint, exitCode: 3, cause: error });
}

/** Moves the remains of an earlier attempt at a cell to `torn/`: not part of the results, but kept. */
async function putAside(folder: string, cell: RunCell): Promise<void> {
  const from = join(folder, "cells", cell.name);
  if (!existsSync(from)) return;
  await makeInside(folder, "torn");
  await rename(from, join(folder, "torn", `${cell.name}-${Date.now()}`));
}

/** Shows all cells of the record, those that have ended too. */
export function showPlan(
  progress: Progress,
  folder: string,
  { experiment, find, order, cells }: RunRecord,
): void {
  progress.planned({
    ...{ experiment, folder },
    order: find !== undefined ? "as the search goes" : order === "random" ? "random order" : "as written",
    cells: cells.map((cell) => ({ ...cell, condition: describeCell(cell) })),
  });
}

async function coolDown(seconds: number, interrupted: AbortSignal, progress: Progress): Promise<void> {
  if (seconds === 0) return;
  progress.say(`run: cooling down for ${seconds} s`);
  await sleep(seconds * 1000, undefined, { signal: interrupted }).catch(() => {});
}
