import type { Condition } from "../core/condition.ts";
import { generatorBusy, startsLate } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";

/** How busy one load generator was while a cell ran, and how far its starts fell behind the ramp. */
export interface GeneratorLoad {
  /** 0..1 over all cores, mean over the cell. */
  readonly cpuBusyRatio: number;
  /** Share of the seconds in which it was above `BUSY_RATIO`, 0..1; absent in results of older versions. */
  readonly aboveLimitRatio?: number;
  /** The worker's address; absent for the controller. */
  readonly worker?: string;
}

/** A cell's load generators. */
export interface CellLoad extends GeneratorLoad {
  /** The function ran on the same machine. */
  readonly withFunction: boolean;
  readonly workers?: readonly GeneratorLoad[];
  /** Share of clients that started more than a second late, 0..1, and the latest start. */
  readonly startLateness?: { readonly lateRatio: number; readonly maxSeconds: number };
}

/** Above this, a client that wants a processor often has to wait for one. */
export const BUSY_RATIO = 0.8;
/** A mean hides bursts: a tenth of the time above the limit touches one request in ten. */
const MAX_ABOVE_LIMIT_RATIO = 0.1;
const MAX_LATE_RATIO = 0.05;
const MAX_LATE_SECONDS = 5;

/** Warns of load generators that measured themselves instead of the function. */
export function saturationWarnings(cell: Condition, loads: readonly CellLoad[]): readonly Warning[] {
  return [...busyGenerators(cell, loads), ...lateStarts(cell, loads)];
}

function busyGenerators(cell: Condition, loads: readonly CellLoad[]): readonly Warning[] {
  const generators = loads.flatMap((load) => [
    load,
    ...(load.workers ?? []).map((worker) => ({ ...worker, withFunction: false })),
  ]);
  const busy = generators
    .filter(
      ({ cpuBusyRatio, aboveLimitRatio }) =>
        cpuBusyRatio > BUSY_RATIO || (aboveLimitRatio ?? 0) > MAX_ABOVE_LIMIT_RATIO,
    )
    .toSorted(
      (a, b) => (b.aboveLimitRatio ?? 0) - (a.aboveLimitRatio ?? 0) || b.cpuBusyRatio - a.cpuBusyRatio,
    );
  const [worst] = busy;
  return worst === undefined ? [] : [generatorBusy(cell, worst, BUSY_RATIO)];
}

function lateStarts(cell: Condition, loads: readonly CellLoad[]): readonly Warning[] {
  const late = loads.flatMap(({ startLateness }) => (startLateness === undefined ? [] : [startLateness]));
  const worst = late.toSorted((a, b) => b.lateRatio - a.lateRatio || b.maxSeconds - a.maxSeconds)[0];
  if (worst === undefined) return [];
  if (worst.lateRatio <= MAX_LATE_RATIO && worst.maxSeconds <= MAX_LATE_SECONDS) return [];
  return [startsLate(cell, worst.lateRatio, worst.maxSeconds)];
}
