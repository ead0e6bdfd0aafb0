import type { Condition } from "../core/condition.ts";
import { formatPercent, formatSeconds } from "../core/format.ts";
import { generatorBusy, generatorNotMeasured, startsLate } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";
import type { CellSummary } from "./cell.ts";
import { isClientBusy } from "./interactive-law.ts";

/** How busy one load generator was while a cell's users were active. */
export interface GeneratorLoad {
  /** 0..1 over all cores, mean. */
  readonly cpuBusyRatio: number;
  /** Share of the seconds in which it was above `BUSY_RATIO`, 0..1; absent in results of older versions. */
  readonly aboveLimitRatio?: number;
  /** Tasks that ran or waited for a processor, per core, mean; absent outside of Linux and in older results. */
  readonly runQueuePerCore?: number;
  readonly memoryAvailableBytesMin?: number;
  /** The worker's address; absent for the controller. */
  readonly worker?: string;
}

/** A cell's load generators. */
export interface CellLoad extends GeneratorLoad {
  /** The function ran on the same machine. */
  readonly withFunction: boolean;
  /** On other machines. */
  readonly workers?: readonly GeneratorLoad[];
  /** Workers on other machines whose load is not known. */
  readonly unmeasuredWorkers?: readonly string[];
  /** Share of clients that started more than a second late, 0..1, and the latest start. */
  readonly startLateness?: { readonly lateRatio: number; readonly maxSeconds: number };
}

/** Above this, a client that wants a processor often has to wait for one. */
export const BUSY_RATIO = 0.8;
/** A mean hides bursts: a tenth of the time above the limit touches one request in ten. */
const MAX_ABOVE_LIMIT_RATIO = 0.1;
/** With more tasks than this for each core, a task waits as long as it runs. */
const MAX_RUN_QUEUE_PER_CORE = 2;
/** Below this the system drops caches and kills processes. */
const MIN_MEMORY_BYTES = 200e6;
const MAX_LATE_RATIO = 0.05;
const MAX_LATE_SECONDS = 5;

/**
 * Why the load generators of a cell may have been at their limit, so that the function may serve more than was
 * measured: processors, run queue or memory of any machine, late starts, or clients that spent time on neither waiting
 * nor thinking. Empty if none of this was seen.
 */
export function generatorSaturation(
  cell: Pick<CellSummary, "interactiveLaw">,
  loads: readonly CellLoad[],
): readonly string[] {
  const [machine] = busyMachines(loads);
  const late = worstLateness(loads);
  const law = cell.interactiveLaw;
  return [
    ...(machine?.reasons ?? []),
    ...(late === undefined ? [] : [describeLateness(late)]),
    ...(law !== undefined && isClientBusy(law)
      ? [
          `the clients were busy ${formatPercent(-law.offRatio, 0)} of the time with neither waiting nor thinking`,
        ]
      : []),
  ];
}

/**
 * Whether the load generators of a cell may have been at their limit: `generatorSaturated` of its summary says why.
 *
 * @example
 * ```ts
 * isGeneratorSaturated({}, [{ cpuBusyRatio: 0.95, withFunction: false }]); // true
 * ```
 */
export function isGeneratorSaturated(
  cell: Pick<CellSummary, "interactiveLaw">,
  loads: readonly CellLoad[],
): boolean {
  return generatorSaturation(cell, loads).length > 0;
}

/** Warns of load generators that measured themselves instead of the function. */
export function saturationWarnings(cell: Condition, loads: readonly CellLoad[]): readonly Warning[] {
  const [machine] = busyMachines(loads);
  const late = worstLateness(loads);
  const unmeasured = [...new Set(loads.flatMap(({ unmeasuredWorkers = [] }) => unmeasuredWorkers))];
  return [
    ...(machine === undefined ? [] : [generatorBusy(cell, machine.reasons, machine.withFunction)]),
    ...(unmeasured.length === 0 ? [] : [generatorNotMeasured(cell, unmeasured)]),
    ...(late === undefined ? [] : [startsLate(cell, describeLateness(late))]),
  ];
}

interface BusyMachine {
  readonly withFunction: boolean;
  readonly reasons: readonly string[];
}

/** Machines at a limit, the busiest first. */
function busyMachines(loads: readonly CellLoad[]): readonly BusyMachine[] {
  return loads
    .flatMap((load) => [load, ...(load.workers ?? []).map((worker) => ({ ...worker, withFunction: false }))])
    .toSorted(
      (a, b) => (b.aboveLimitRatio ?? 0) - (a.aboveLimitRatio ?? 0) || b.cpuBusyRatio - a.cpuBusyRatio,
    )
    .map((machine) => ({ withFunction: machine.withFunction, reasons: limitsOf(machine) }))
    .filter(({ reasons }) => reasons.length > 0);
}

/** The limits that a machine reached, in words. */
function limitsOf(machine: GeneratorLoad & { readonly withFunction: boolean }): readonly string[] {
  const { worker, cpuBusyRatio, aboveLimitRatio, runQueuePerCore, memoryAvailableBytesMin } = machine;
  const percent = (ratio: number) => formatPercent(ratio, 0);
  const name =
    worker !== undefined
      ? `the machine of worker ${worker}`
      : machine.withFunction
        ? "the machine"
        : "the load generator's machine";
  const together = machine.withFunction ? " (clients, function and other programs)" : "";
  const above =
    aboveLimitRatio === undefined
      ? ""
      : `, above ${percent(BUSY_RATIO)} for ${percent(aboveLimitRatio)} of the time`;
  const isBusy = cpuBusyRatio > BUSY_RATIO || (aboveLimitRatio ?? 0) > MAX_ABOVE_LIMIT_RATIO;
  const isQueueing = (runQueuePerCore ?? 0) > MAX_RUN_QUEUE_PER_CORE;
  const isShort = (memoryAvailableBytesMin ?? Number.POSITIVE_INFINITY) < MIN_MEMORY_BYTES;
  return [
    ...(isBusy ? [`${name} was ${percent(cpuBusyRatio)} busy${together}${above}`] : []),
    ...(isQueueing ? [`${name} had ${runQueuePerCore?.toFixed(1)} running or waiting tasks per core`] : []),
    ...(isShort
      ? [`${name} had only ${Math.round((memoryAvailableBytesMin ?? 0) / 1e6)} MB of memory left`]
      : []),
  ];
}

interface Lateness {
  readonly lateRatio: number;
  readonly maxSeconds: number;
}

/** The worst of the runs if it is worth a warning. */
function worstLateness(loads: readonly CellLoad[]): Lateness | undefined {
  const [worst] = loads
    .flatMap(({ startLateness }) => (startLateness === undefined ? [] : [startLateness]))
    .toSorted((a, b) => b.lateRatio - a.lateRatio || b.maxSeconds - a.maxSeconds);
  if (worst === undefined) return undefined;
  return worst.lateRatio > MAX_LATE_RATIO || worst.maxSeconds > MAX_LATE_SECONDS ? worst : undefined;
}

const describeLateness = ({ lateRatio, maxSeconds }: Lateness) =>
  `${formatPercent(lateRatio, 0)} of the clients started more than a second late, the latest ${formatSeconds(maxSeconds, 1)}`;
