import type { PortState } from "./heartbeat.ts";

/** One observation of a worker. */
export type WorkerSignal =
  /** How its port reacted to a probe. */
  | { readonly kind: "port"; readonly state: PortState }
  /** A sample of it has reached the controller, or its own process has used processor time: JMeter lives. */
  | { readonly kind: "jmeter-works" }
  /** A client's journal has grown. Clients outlive a JMeter that was killed, so this proves little. */
  | { readonly kind: "clients-work" }
  /** Its process is gone. */
  | { readonly kind: "process-ended"; readonly how: string };

/** What is known of a worker at a moment; times in ms on one monotonic clock. */
export interface WorkerHealth {
  readonly answeredMs: number;
  readonly jmeterWorkedMs: number;
  readonly clientsWorkedMs: number;
  /** Refused probes since the last answer, and when the first of them came. */
  readonly refusals: number;
  readonly refusedSinceMs: number;
  readonly processEnded?: string;
}

/** Three probes a second apart: one refused probe is a reset or a full accept queue. */
const MIN_REFUSALS = 3;
const MIN_REFUSED_MS = 2_000;
/** A saturated machine answers late. The promise is that a vanished host is noticed within 10 s. */
export const MAX_SILENCE_MS = 8_000;
/** From here on it pays to look at a worker more closely. */
const SUSPICIOUS_MS = 2_000;

export function healthyWorker(nowMs: number): WorkerHealth {
  return {
    answeredMs: nowMs,
    jmeterWorkedMs: nowMs,
    clientsWorkedMs: nowMs,
    refusals: 0,
    refusedSinceMs: nowMs,
  };
}

/** Adds one observation. */
export function observe(health: WorkerHealth, signal: WorkerSignal, nowMs: number): WorkerHealth {
  switch (signal.kind) {
    case "process-ended":
      return { ...health, processEnded: signal.how };
    case "jmeter-works":
      return { ...health, jmeterWorkedMs: nowMs, refusals: 0 };
    case "clients-work":
      return { ...health, clientsWorkedMs: nowMs };
    case "port":
      if (signal.state === "answers") return { ...health, answeredMs: nowMs, refusals: 0 };
      if (signal.state !== "refused") return health;
      return {
        ...health,
        refusals: health.refusals + 1,
        refusedSinceMs: health.refusals === 0 ? nowMs : health.refusedSinceMs,
      };
  }
}

/** Time in which the controller itself stood still, and so could not hear anything, does not count. */
export function forgive(health: WorkerHealth, stalledMs: number): WorkerHealth {
  return {
    ...health,
    answeredMs: health.answeredMs + stalledMs,
    jmeterWorkedMs: health.jmeterWorkedMs + stalledMs,
    clientsWorkedMs: health.clientsWorkedMs + stalledMs,
    refusedSinceMs: health.refusedSinceMs + stalledMs,
  };
}

/**
 * Why a worker counts as dead, or undefined as long as the evidence does not agree.
 *
 * @example
 * ```ts
 * const health = observe(healthyWorker(0), { kind: "port", state: "refused" }, 1_000);
 * causeOfDeath(health, 3_000); // undefined: refused once only
 * ```
 */
export function causeOfDeath(health: WorkerHealth, nowMs: number): string | undefined {
  if (health.processEnded !== undefined) return `its process ended (${health.processEnded})`;
  const refusedMs = nowMs - health.refusedSinceMs;
  if (health.refusals >= MIN_REFUSALS && refusedMs >= MIN_REFUSED_MS) {
    // Journals that grow postpone this verdict; the limit on silence below still holds.
    if (nowMs - health.clientsWorkedMs >= MIN_REFUSED_MS) {
      return `its port refused ${health.refusals} connections in ${seconds(refusedMs)}`;
    }
  }
  const silentMs = nowMs - Math.max(health.answeredMs, health.jmeterWorkedMs);
  return silentMs > MAX_SILENCE_MS ? `it gave no sign of life for ${seconds(silentMs)}` : undefined;
}

/** A worker that does not answer as it should, though it is too early for a verdict. */
export function isSuspicious(health: WorkerHealth, nowMs: number): boolean {
  return health.refusals > 0 || nowMs - health.answeredMs > SUSPICIOUS_MS;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
