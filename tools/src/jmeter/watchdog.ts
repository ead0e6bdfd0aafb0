import type { AskPort } from "./heartbeat.ts";
import type { RunningSlave } from "./slave.ts";

export interface LostSlave {
  readonly address: string;
  /** `the process ended by SIGKILL`, `its port refuses`, `no sign of life for 4.5 s`. */
  readonly why: string;
}

export interface Watchdog {
  /** Resolves with the first slave that dies or falls silent; never rejects. */
  readonly lost: Promise<LostSlave>;
  close(): void;
}

const EVERY_MS = 1_500;
/** A saturated machine answers late; a dead one never. Below 5 s, above any pause that was seen. */
const SILENCE_MS = 4_500;

/** Watches slaves by process (where it is ours), port and heartbeat. */
export function watchSlaves(slaves: readonly RunningSlave[], askPort: AskPort): Watchdog {
  let report: (slave: LostSlave) => void = () => {};
  const lost = new Promise<LostSlave>((done) => {
    report = done;
  });
  const lastAnswerMs = new Map(slaves.map((slave) => [slave.address, performance.now()]));
  const beat = (slave: RunningSlave) => {
    void askPort(slave.address, SILENCE_MS).then((state) => {
      if (state === "answers") lastAnswerMs.set(slave.address, performance.now());
      if (state === "refused") report({ address: slave.address, why: "its port refuses connections" });
    });
    const silentMs = performance.now() - (lastAnswerMs.get(slave.address) ?? 0);
    if (silentMs > SILENCE_MS) {
      report({
        address: slave.address,
        why: `it gave no sign of life for ${(silentMs / 1000).toFixed(1)} s`,
      });
    }
  };
  let stopped = false;
  for (const slave of slaves) {
    void slave.child?.ended.then((ending) => {
      if (stopped) return;
      report({
        address: slave.address,
        why: `its process ended (${ending.signal ?? `exit ${ending.exitCode}`})`,
      });
    });
  }
  const timer = setInterval(() => slaves.forEach(beat), EVERY_MS);
  return {
    lost,
    close() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
