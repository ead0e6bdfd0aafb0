import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Analysis,
  analyze,
  type CellLoad,
  changesOf,
  isGeneratorSaturated,
  mean,
  measureFigures,
  runsOfAnalysis,
  type SearchGoal,
  type SearchRun,
} from "@slbench/analyzer";
import { type CellRecord, readCell } from "../analyze/read-result.ts";
import { parseCellRecord } from "../results/check-record.ts";
import { isDone, type RunCell, type RunRecord } from "../results/result-folder.ts";

/** What the search reads of a cell.json besides the analysis. */
interface SearchedCell extends CellRecord {
  readonly started?: string;
  readonly ended?: string;
  readonly collapsed?: boolean;
  readonly reconciliation?: { readonly plannedRequests?: number; readonly journalRequests?: number };
}

/** A measured cell as the search counts it. */
export interface MeasuredRun {
  readonly run: Omit<SearchRun, "load">;
  /** Undefined if the load generator collapsed before anything was measured, or the cell was ended early. */
  readonly analysis: Analysis | undefined;
}

/**
 * Reads a cell that has ended; undefined if nothing can be said of its load, so that it has to be measured again.
 * @param aroundSeconds pause after each cell
 */
export async function readMeasuredRun(
  folder: string,
  cell: RunCell,
  run: RunRecord,
  goal: SearchGoal,
  aroundSeconds: number,
): Promise<MeasuredRun | undefined> {
  const cellFolder = join(folder, "cells", cell.name);
  const text = await readFile(join(cellFolder, "cell.json"), "utf8").catch(() => undefined);
  const record = text === undefined ? undefined : parseCellRecord<SearchedCell>(text);
  if (record === undefined || typeof record === "string") return undefined;
  const hasCollapsed = record.collapsed === true;
  const wasEnded = cell.state === "ended-early";
  if (!isDone(cell) && !hasCollapsed) return undefined;
  const input = await readCell(cellFolder, cell.name, record, run);
  const analysis = input === undefined ? undefined : analyze([input]);
  const [summary] = analysis?.summary.cells ?? [];
  const [requests] = analysis === undefined || summary === undefined ? [] : runsOfAnalysis(analysis)(summary);
  const isSaturated =
    hasCollapsed || (input?.load !== undefined && isGeneratorSaturated({}, [ofGeneratorAlone(input.load)]));
  const measured = requests ?? { roundTripSeconds: [], isSuccessful: [] };
  const seconds = secondsBetween(record);
  return {
    analysis: wasEnded ? undefined : analysis,
    run: {
      figures: measureFigures(goal, measured),
      responseSeconds: mean(measured.roundTripSeconds) ?? Number.POSITIVE_INFINITY,
      seconds: seconds + aroundSeconds,
      ...(wasEnded && { endedEarly: { wholeSeconds: wholeSeconds(record, seconds) + aroundSeconds } }),
      ...(isSaturated && { isSaturated }),
      ...(summary !== undefined && changesOf(summary).length > 0 && { hasChanged: true }),
    },
  };
}

/** If the function shares the machine, a busy machine says nothing about the clients: only late starts do. */
function ofGeneratorAlone(load: CellLoad): CellLoad {
  return load.withFunction ? { ...load, cpuBusyRatio: 0, aboveLimitRatio: 0, runQueuePerCore: 0 } : load;
}

/** How long a cell would have taken with all its requests. */
function wholeSeconds({ reconciliation }: SearchedCell, seconds: number): number {
  const { plannedRequests = 1, journalRequests = 1 } = reconciliation ?? {};
  return seconds * Math.max(1, plannedRequests / Math.max(1, journalRequests));
}

function secondsBetween({ started, ended }: SearchedCell): number {
  const seconds = (Date.parse(ended ?? "") - Date.parse(started ?? "")) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}
