import type { RunningWorker } from "../jmeter/worker.ts";
import type { AskPort } from "./heartbeat.ts";

export interface LostWorker {
  readonly address: string;
  /** `its process ended (SIGKILL)`, `its port refuses connections`, `it gave no sign of life for 4.3 s`. */
  readonly why: string;
}

export interface Watchdog {
  /** Resolves with the first worker that dies or falls silent; never rejects. */
  readonly lost: Promise<LostWorker>;
  close(): void;
}

const ASK_EVERY_MS = 1_000;
/** A saturated machine answers late, a dead one never: below the 5 s that are promised, above any pause seen. */
const SILENCE_MS = 4_200;

/** Watches workers by process (where it is ours), port and heartbeat. */
export function watchWorkers(workers: readonly RunningWorker[], askPort: AskPort): Watchdog {
  let report: (worker: LostWorker) => void = () => {};
  const lost = new Promise<LostWorker>((done) => {
    report = done;
  });
  let stopped = false;
  const lastAnswerMs = new Map(workers.map((worker) => [worker.address, performance.now()]));
  const ask = async ({ address }: RunningWorker) => {
    const state = await askPort(address, SILENCE_MS);
    if (state === "answers") lastAnswerMs.set(address, performance.now());
    if (state === "refused" && !stopped) report({ address, why: "its port refuses connections" });
  };
  for (const { address, child } of workers) {
    void child?.ended.then((ending) => {
      const how = ending.signal ?? `exit ${ending.exitCode}`;
      if (!stopped) report({ address, why: `its process ended (${how})` });
    });
  }
  const asking = setInterval(() => workers.forEach((worker) => void ask(worker)), ASK_EVERY_MS);
  const listening = setInterval(() => {
    for (const [address, at] of lastAnswerMs) {
      const seconds = (performance.now() - at) / 1000;
      if (seconds * 1000 <= SILENCE_MS) continue;
      report({ address, why: `it gave no sign of life for ${seconds.toFixed(1)} s` });
    }
  }, 100);
  return {
    lost,
    close() {
      stopped = true;
      clearInterval(asking);
      clearInterval(listening);
    },
  };
}
