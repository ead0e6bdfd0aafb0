import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AskPort } from "../jmeter/heartbeat.ts";
import type { JMeter } from "../jmeter/home.ts";
import type { RmiKeys } from "../jmeter/keys.ts";
import { type Master, startMaster } from "../jmeter/master.ts";
import { type LostSlave, watchSlaves } from "../jmeter/watchdog.ts";
import type { CellMonitor } from "./cell-monitor.ts";
import type { Fleet } from "./fleet.ts";
import type { Guard } from "./guard.ts";

export interface CellSetting {
  readonly jmeter: JMeter;
  readonly keys: RmiKeys | undefined;
  readonly guard: Guard;
  readonly askPort: AskPort;
  readonly fleet: Fleet;
  /** How slaves send samples: `Standard`, `Batch` or `Asynch`. */
  readonly mode: string;
  /** The cell's folder: plan.jmx is in it, samples.xml and logs/ come into it. */
  readonly folder: string;
  /** Seconds after which it is ended in any case. */
  readonly deadlineSeconds: number;
  /** Resolves with how it ended when the local function ends under way. */
  readonly functionDied?: Promise<string>;
  readonly interrupted: AbortSignal;
  /** Watches samples, journals and starts; absent for a trial. */
  readonly monitor?: Pick<CellMonitor, "evidence" | "stop">;
}

/** A timer that is longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * `complete`: every slave said that it finished, the result file is whole. `incomplete`: some of the data is
 * missing. `failed`: nothing was measured. `interrupted`: a person or a signal ended it.
 */
export type CellState = "complete" | "incomplete" | "failed" | "interrupted";

export interface CellOutcome {
  readonly state: CellState;
  /** Why it is not complete, a sentence without full stop. */
  readonly problem?: string;
  readonly lostSlaves: readonly LostSlave[];
  /** Seconds from the watchdog's alarm to the end of the master. */
  readonly endedAfterAlarmSeconds?: number;
  /** All clients had ended, but JMeter's controller did not hear of it: the journals decide what is missing. */
  readonly endNotHeard?: true;
}

/** What the survivors' clients and their slaves get to hand in what they have. */
const HAND_IN_MS = 8_000;
const HAND_IN_INTERRUPTED_MS = 1_200;

/** Runs one plan on the slaves until it ends by evidence, by deadline, by loss of a slave or by a person. */
export async function runCell(cell: CellSetting): Promise<CellOutcome> {
  const { fleet } = cell;
  const logFolder = join(cell.folder, "logs");
  const master = startMaster({
    ...cell,
    host: fleet.masterHost,
    ...(fleet.portBase !== undefined && { portBase: fleet.portBase }),
    plan: join(cell.folder, "plan.jmx"),
    slaves: fleet.slaves.map((slave) => slave.address),
    resultXml: join(cell.folder, "samples.xml"),
    logFolder,
  });
  const watchdog = watchSlaves(fleet.slaves, cell.askPort, cell.monitor?.evidence);
  const timers = new AbortController();
  try {
    const first = await Promise.race([
      master.finished.then(() => "finished" as const),
      watchdog.lost,
      sleep(Math.min(cell.deadlineSeconds * 1000, LONGEST_TIMER_MS), "deadline" as const, {
        signal: timers.signal,
      }),
      aborted(cell.interrupted),
      ...(cell.monitor === undefined ? [] : [cell.monitor.stop]),
      ...(cell.functionDied === undefined ? [] : [cell.functionDied.then((how) => ({ functionDied: how }))]),
    ]);
    watchdog.close();
    if (first === "finished") {
      // A master that was killed leaves slaves at work: their clients write down what they have.
      if (master.child.ending !== undefined) await fleet.endClients([]);
      const verdict = await master.conclude();
      if (verdict.complete) return { state: "complete", lostSlaves: [] };
      const started = await hasSamples(cell.folder);
      return { state: started ? "incomplete" : "failed", problem: verdict.problem!, lostSlaves: [] };
    }
    const alarm = performance.now();
    const lostSlaves = typeof first === "object" && "address" in first ? [first] : [];
    await handIn(cell, master, logFolder, first === "interrupted", lostSlaves);
    const verdict = await master.conclude(first === "interrupted" ? 1_500 : 4_000);
    const endedAfterAlarmSeconds = (performance.now() - alarm) / 1000;
    if (first === "interrupted") return { state: "interrupted", problem: "interrupted", lostSlaves };
    if (typeof first === "object" && "why" in first && "problem" in first) {
      return {
        ...{ state: "incomplete", problem: first.problem, lostSlaves, endedAfterAlarmSeconds },
        ...(first.why === "end not heard" && { endNotHeard: true }),
      };
    }
    const problem =
      typeof first === "string"
        ? `not finished after ${Math.round(cell.deadlineSeconds)} s (${verdict.problem ?? "the master did not end"})`
        : "address" in first
          ? `slave ${first.address} was lost: ${first.why}`
          : `the function ended (${first.functionDied})`;
    return { state: "incomplete", problem, lostSlaves, endedAfterAlarmSeconds };
  } finally {
    timers.abort();
    watchdog.close();
  }
}

/** Ends the clients that still run and waits, for a while, until their samples are with the master. */
async function handIn(
  cell: CellSetting,
  master: Master,
  logFolder: string,
  hurry: boolean,
  lost: readonly LostSlave[],
): Promise<void> {
  const { slaves } = cell.fleet;
  const gone = lost.map((slave) => slave.address);
  const survivors = slaves.filter(
    (slave) => !gone.includes(slave.address) && slave.child?.ending === undefined,
  );
  const until = performance.now() + (hurry ? HAND_IN_INTERRUPTED_MS : HAND_IN_MS);
  while (performance.now() < until && master.child.ending === undefined) {
    // Again and again: the ramp-up goes on starting clients.
    await Promise.race([cell.fleet.endClients(gone), sleep(until - performance.now())]);
    const log = await readFile(join(logFolder, "master.log"), "utf8").catch(() => "");
    if (survivors.every((slave) => log.includes(`Finished remote host: ${slave.address} `))) return;
    await sleep(200);
  }
}

function aborted(signal: AbortSignal): Promise<"interrupted"> {
  return new Promise((done) => {
    if (signal.aborted) done("interrupted");
    else signal.addEventListener("abort", () => done("interrupted"), { once: true });
  });
}

async function hasSamples(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, "samples.xml"), "utf8").catch(() => "");
  return text.includes("<sample ");
}
