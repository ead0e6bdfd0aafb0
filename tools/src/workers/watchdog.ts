import type { RunningWorker } from "../jmeter/worker.ts";
import type { AskPort } from "./heartbeat.ts";
import {
  causeOfDeath,
  forgive,
  healthyWorker,
  isSuspicious,
  MAX_SILENCE_MS,
  observe,
  type WorkerSignal,
} from "./liveness.ts";

export interface LostWorker {
  readonly address: string;
  /** `its process ended (SIGKILL)`, `its port refused 3 connections in 2.0 s`, `it gave no sign of life for 8.1 s`. */
  readonly why: string;
}

export interface Watchdog {
  /** Resolves with the first worker that dies or falls silent; never rejects. */
  readonly lost: Promise<LostWorker>;
  close(): void;
}

/** Evidence of a worker's activity other than its port. */
export interface WorkerEvidence {
  /** Cheap counters of the work done so far, read every second. */
  counters(): Promise<ReadonlyMap<string, WorkCounters>>;
  /** A closer look at one worker, asked only while it is suspicious; undefined if it cannot be asked. */
  inspect(address: string): Promise<(WorkCounters & { readonly ended?: string }) | undefined>;
}

/** Numbers that only grow; absent if unknown. */
export interface WorkCounters {
  readonly samples?: number;
  readonly processorTicks?: number;
  readonly journalBytes?: number;
}

const ASK_EVERY_MS = 1_000;
const CHECK_EVERY_MS = 100;
/** A timer later than this shows that this process did not get a processor. */
const STALL_MS = 500;

/** Watches workers by process, port, samples and journals; reports one only if the evidence agrees. */
export function watchWorkers(
  workers: readonly RunningWorker[],
  askPort: AskPort,
  evidence?: WorkerEvidence,
): Watchdog {
  let report: (worker: LostWorker) => void = () => {};
  const lost = new Promise<LostWorker>((done) => {
    report = done;
  });
  const now = () => performance.now();
  const health = new Map(workers.map(({ address }) => [address, healthyWorker(now())]));
  const seen = new Map<string, WorkCounters>();
  let stopped = false;
  const note = (address: string, signal: WorkerSignal) => {
    const before = health.get(address);
    if (before !== undefined) health.set(address, observe(before, signal, now()));
  };
  const noteWork = (address: string, counters: WorkCounters) => {
    for (const signal of growth(seen.get(address), counters)) note(address, signal);
    seen.set(address, { ...seen.get(address), ...counters });
  };
  for (const { address, child } of workers) {
    void child?.ended.then(({ signal, exitCode }) => {
      note(address, { kind: "process-ended", how: signal ?? `exit ${exitCode}` });
      check();
    });
  }
  const inspecting = new Set<string>();
  const inspect = async (address: string) => {
    if (evidence === undefined || inspecting.has(address)) return;
    inspecting.add(address);
    const found = await evidence.inspect(address).catch(() => undefined);
    inspecting.delete(address);
    if (found === undefined) return;
    noteWork(address, found);
    if (found.ended !== undefined) note(address, { kind: "process-ended", how: found.ended });
  };
  const ask = async (address: string) => {
    note(address, { kind: "port", state: await askPort(address, MAX_SILENCE_MS) });
  };
  const asking = setInterval(() => {
    for (const [address, state] of health) {
      void ask(address);
      if (isSuspicious(state, now())) void inspect(address);
    }
    void evidence?.counters().then(
      (counters) => {
        for (const [address, value] of counters) noteWork(address, value);
      },
      () => {},
    );
  }, ASK_EVERY_MS);
  let checkedMs = now();
  const check = () => {
    const nowMs = now();
    const stalledMs = nowMs - checkedMs - CHECK_EVERY_MS;
    checkedMs = nowMs;
    for (const [address, state] of health) {
      if (stalledMs > STALL_MS) health.set(address, forgive(state, stalledMs));
      const why = causeOfDeath(health.get(address) ?? state, nowMs);
      if (why !== undefined && !stopped) report({ address, why });
    }
  };
  const checking = setInterval(check, CHECK_EVERY_MS);
  return {
    lost,
    close() {
      stopped = true;
      clearInterval(asking);
      clearInterval(checking);
    },
  };
}

/** Signals for counters that have grown since the last reading. */
function growth(before: WorkCounters | undefined, after: WorkCounters): readonly WorkerSignal[] {
  const grew = (name: keyof WorkCounters) => {
    const [old, young] = [before?.[name], after[name]];
    return old !== undefined && young !== undefined && young > old;
  };
  return [
    ...(grew("samples") || grew("processorTicks") ? [{ kind: "jmeter-works" } as const] : []),
    ...(grew("journalBytes") ? [{ kind: "clients-work" } as const] : []),
  ];
}
