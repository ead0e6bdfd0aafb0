import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Controller, startController } from "../../jmeter/controller.ts";
import type { JMeter } from "../../jmeter/home.ts";
import type { RmiKeys } from "../../jmeter/keys.ts";
import type { Guard } from "../../process/guard.ts";
import type { CellState } from "../../results/result-folder.ts";
import type { AskPort } from "../../workers/heartbeat.ts";
import type { Fleet } from "../../workers/local-fleet.ts";
import { type LostWorker, watchWorkers } from "../../workers/watchdog.ts";
import type { CellMonitor } from "./monitor.ts";

export interface CellSetting {
  readonly jmeter: JMeter;
  readonly keys: RmiKeys | undefined;
  readonly guard: Guard;
  readonly askPort: AskPort;
  readonly fleet: Fleet;
  /** How workers send samples: `Standard`, `Batch` or `Asynch`. */
  readonly mode: string;
  /** Each worker's clock minus ours, in order, so that all start together; 0 if unknown. */
  readonly clockOffsetsSeconds?: readonly number[];
  /** The cell's folder: plan.jmx is in it, samples.xml and logs/ come into it. */
  readonly folder: string;
  /** Seconds after which the cell is ended in any case. */
  readonly deadlineSeconds: number;
  /** Resolves with the way it ended if the local function ends during the run. */
  readonly functionDied?: Promise<string>;
  readonly interrupted: AbortSignal;
  /** Watches samples, journals and starts; absent in a smoke test. */
  readonly monitor?: Pick<CellMonitor, "evidence" | "stop">;
}

/** A timer that is longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface CellOutcome {
  readonly state: CellState;
  /** Why it is not complete; a sentence without a full stop. */
  readonly problem?: string;
  readonly lostWorkers: readonly LostWorker[];
  /** Seconds from the watchdog's alarm to the end of the controller. */
  readonly endedAfterAlarmSeconds?: number;
  /** All clients had ended, but JMeter's controller missed it: the journals decide what is missing. */
  readonly endNotHeard?: true;
  /** The load generator could not hold the users. */
  readonly collapsed?: true;
  /** Why the cell was ended on purpose: whatever its other responses, the goal was missed. */
  readonly endedEarly?: string;
}

/** Time for the surviving workers and their clients to deliver their results. */
const HAND_IN_MS = 8_000;
const HAND_IN_INTERRUPTED_MS = 1_200;

/** Runs one plan on the workers until it ends, reaches its deadline, loses a worker or is interrupted. */
export async function runCell(cell: CellSetting): Promise<CellOutcome> {
  const { fleet } = cell;
  const logFolder = join(cell.folder, "logs");
  const controller = startController({
    ...cell,
    host: fleet.controllerHost,
    ...(fleet.portBase !== undefined && { portBase: fleet.portBase }),
    plan: join(cell.folder, "plan.jmx"),
    workers: fleet.workers.map((worker) => worker.address),
    resultXml: join(cell.folder, "samples.xml"),
    logFolder,
  });
  const watchdog = watchWorkers(fleet.workers, cell.askPort, cell.monitor?.evidence);
  const timers = new AbortController();
  try {
    const first = await Promise.race([
      controller.finished.then(() => "finished" as const),
      watchdog.lost,
      sleep(Math.min(cell.deadlineSeconds * 1000, LONGEST_TIMER_MS), "deadline" as const, {
        signal: timers.signal,
      }),
      aborted(cell.interrupted, timers.signal),
      ...(cell.monitor === undefined ? [] : [cell.monitor.stop]),
      ...(cell.functionDied === undefined ? [] : [cell.functionDied.then((how) => ({ functionDied: how }))]),
    ]);
    watchdog.close();
    if (first === "finished") {
      // A killed controller leaves its workers running: end their clients so that they write their reports.
      if (controller.child.ending !== undefined) await fleet.endClients([]);
      const verdict = await controller.conclude();
      if (verdict.complete) return { state: "complete", lostWorkers: [] };
      const started = await hasSamples(cell.folder);
      return { state: started ? "incomplete" : "failed", problem: verdict.problem!, lostWorkers: [] };
    }
    const alarm = performance.now();
    const lostWorkers = typeof first === "object" && "address" in first ? [first] : [];
    await handIn(cell, controller, logFolder, first === "interrupted", lostWorkers);
    const verdict = await controller.conclude(first === "interrupted" ? 1_500 : 4_000);
    const endedAfterAlarmSeconds = (performance.now() - alarm) / 1000;
    if (first === "interrupted")
      return { state: "interrupted", problem: "a signal ended the run", lostWorkers };
    if (typeof first === "object" && "why" in first && first.why === "goal missed" && "problem" in first) {
      if (!verdict.complete) fleet.distrust();
      return { state: "ended-early", endedEarly: first.problem, lostWorkers, endedAfterAlarmSeconds };
    }
    if (typeof first === "object" && "why" in first && "problem" in first) {
      return {
        ...{ state: "incomplete", problem: first.problem, lostWorkers, endedAfterAlarmSeconds },
        ...(first.why === "end not heard" ? { endNotHeard: true } : { collapsed: true }),
      };
    }
    const problem =
      typeof first === "string"
        ? `not finished after ${Math.round(cell.deadlineSeconds)} s (${verdict.problem ?? "the controller did not end"})`
        : "address" in first
          ? `worker ${first.address} was lost: ${first.why}`
          : `the function ended (${first.functionDied})`;
    return { state: "incomplete", problem, lostWorkers, endedAfterAlarmSeconds };
  } finally {
    timers.abort();
    watchdog.close();
  }
}

/** Ends the clients that still run and waits a while for their samples to reach the controller. */
async function handIn(
  cell: CellSetting,
  controller: Controller,
  logFolder: string,
  hurry: boolean,
  lost: readonly LostWorker[],
): Promise<void> {
  const { workers } = cell.fleet;
  const gone = lost.map((worker) => worker.address);
  const survivors = workers.filter(
    (worker) => !gone.includes(worker.address) && worker.child?.ending === undefined,
  );
  const until = performance.now() + (hurry ? HAND_IN_INTERRUPTED_MS : HAND_IN_MS);
  while (performance.now() < until && controller.child.ending === undefined) {
    // Repeatedly: the ramp-up keeps starting clients.
    await Promise.race([cell.fleet.endClients(gone), sleep(until - performance.now())]);
    const log = await readFile(join(logFolder, "controller.log"), "utf8").catch(() => "");
    if (survivors.every((worker) => log.includes(`Finished remote host: ${worker.address} `))) return;
    await sleep(200);
  }
}

/** @param over removes the listener: a run of many cells would collect them */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<"interrupted"> {
  return new Promise((done) => {
    if (signal.aborted) done("interrupted");
    else signal.addEventListener("abort", () => done("interrupted"), { once: true, signal: over });
  });
}

async function hasSamples(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, "samples.xml"), "utf8").catch(() => "");
  return text.includes("<sample ");
}
