import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { availableMemory } from "../../environment/machine.ts";
import type { RunningWorker } from "../../jmeter/worker.ts";
import { type JournalCounts, newLines } from "../../results/journals.ts";
import type { Fleet } from "../../workers/local-fleet.ts";
import type { WorkCounters, WorkerEvidence } from "../../workers/watchdog.ts";
import { createCollapseJudge } from "./collapse.ts";
import { currentLateness, type Ramp } from "./start-lateness.ts";

export interface CellMonitor {
  /** Evidence for the watchdog besides the workers' ports. */
  readonly evidence: WorkerEvidence;
  /**
   * Resolves with a reason to end the cell: the load generator collapses, JMeter missed the end of its workers, or the
   * goal that the cell is measured for is missed in any case.
   */
  readonly stop: Promise<CellStop>;
  /** Call it about once a second with the counts from the journals. */
  update(counts: JournalCounts): Promise<void>;
}

export interface CellStop {
  readonly why: "collapsed" | "end not heard" | "goal missed";
  readonly problem: string;
}

export interface CellMonitorOptions {
  /** The cell's folder. */
  readonly folder: string;
  readonly fleet: Fleet;
  readonly awayJournals: string;
  readonly ramp: Ramp;
  /** Why the cell misses its goal in any case; undefined while it may still keep it. */
  readonly whyMissed?: () => string | undefined;
  /** A monotonic clock. */
  readonly now?: () => number;
}

/** The workers' end reaches JMeter's controller within 5 s, or never. */
const UNHEARD_MS = 15_000;
/** Asking workers through ssh costs them processor time. */
const ASK_AWAY_EVERY_MS = 30_000;

/** Follows a running cell by its samples and journals. */
export function monitorCell(options: CellMonitorOptions): CellMonitor {
  const { folder, fleet, awayJournals, ramp, now = () => performance.now() } = options;
  let report: (stop: CellStop) => void = () => {};
  const stop = new Promise<CellStop>((done) => {
    report = done;
  });
  const follow = followWorkers(join(folder, "samples.xml"), fleet.workers);
  const judge = createCollapseJudge(ramp.users);
  let quietSinceMs = now();
  let askedAwayMs = now();
  let samples = 0;
  const haveAllEnded = async ({ started, ended }: JournalCounts, nowMs: number) => {
    if (nowMs - quietSinceMs < UNHEARD_MS) return false;
    if (started !== undefined) return ended >= ramp.users;
    if (nowMs - askedAwayMs < ASK_AWAY_EVERY_MS) return false;
    askedAwayMs = nowMs;
    return ((await fleet.countEnded(awayJournals)) ?? 0) >= ramp.users;
  };
  return {
    stop,
    evidence: {
      counters: async () =>
        new Map([...(await follow()).samples].map(([address, count]) => [address, { samples: count }])),
      async inspect(address) {
        const worker = fleet.workers.find((one) => one.address === address);
        if (worker?.child === undefined) return fleet.inspect(address, awayJournals);
        return inspectHere(worker, join(folder, "journals"));
      },
    },
    async update(counts) {
      const nowMs = now();
      const found = await follow();
      const arrived = [...found.samples.values()].reduce((sum, count) => sum + count, 0);
      // A journal that still grows also means the cell has not ended.
      const total = arrived + counts.requests + counts.ended;
      if (total > samples) quietSinceMs = nowMs;
      samples = total;
      if (counts.starts !== undefined) {
        const problem = judge({
          nowMs,
          activeUsers: counts.starts.length - counts.ended,
          lateSeconds: currentLateness(counts.starts, ramp, Date.now()),
          failedStarts: found.failedStarts,
          memoryAvailableBytes: await availableMemory(),
        });
        if (problem !== undefined) report({ why: "collapsed", problem });
      }
      const missed = options.whyMissed?.();
      if (missed !== undefined) report({ why: "goal missed", problem: missed });
      if (await haveAllEnded(counts, nowMs)) {
        const problem =
          "all clients have ended, but the workers did not report their end to JMeter's controller";
        report({ why: "end not heard", problem });
      }
    },
  };
}

/** Counts the samples of each worker, and client processes that failed to start or were killed. */
function followWorkers(file: string, workers: readonly RunningWorker[]) {
  const state = { offset: 0, rest: "", ended: false };
  const samples = new Map(workers.map(({ address }) => [address, 0]));
  let failedStarts = 0;
  let reading: Promise<void> = Promise.resolve();
  const read = async () => {
    for (const line of await newLines(file, state)) {
      if (!line.includes("<sample ")) {
        if (line.includes("Cannot run program")) failedStarts++;
        continue;
      }
      const thread = /\btn="([^"]*)"/.exec(line)?.[1] ?? "";
      const address = [...samples.keys()].find((one) => thread.startsWith(`${one}-`));
      if (address !== undefined) samples.set(address, (samples.get(address) ?? 0) + 1);
      if (/\brc="137"/.test(line) || line.includes("Cannot run program")) failedStarts++;
    }
  };
  return async () => {
    reading = reading.then(read, read); // one reader at a time: they share the offset
    await reading;
    return { samples: samples as ReadonlyMap<string, number>, failedStarts };
  };
}

/** A worker of this machine: the processor time of its JMeter, the size of its clients' journals. */
async function inspectHere({ index, child }: RunningWorker, journals: string): Promise<WorkCounters> {
  const text = await readFile(`/proc/${child?.pid}/stat`, "utf8").catch(() => "");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  const names = (await readdir(journals).catch(() => [])).filter((name) => name.startsWith(`w${index + 1}-`));
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(journals, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return {
    ...(Number.isFinite(ticks) && { processorTicks: ticks }),
    journalBytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}
