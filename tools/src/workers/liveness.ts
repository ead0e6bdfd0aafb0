import type { PortState } from "./heartbeat.ts";

/** One observation of a worker. */
export type WorkerSignal =
  /** Result of probing its port. */
  | { readonly kind: "port"; readonly state: PortState }
  /** One of its samples has arrived, or its process has used processor time: JMeter is alive. */
  | { readonly kind: "jmeter-works" }
  /** A client's journal has grown. Weak evidence, because clients outlive a killed JMeter. */
  | { readonly kind: "clients-work" }
  /** Its process is gone. */
  | { readonly kind: "process-ended"; readonly how: string };

/** What is known about a worker; times in ms on one monotonic clock. */
export interface WorkerHealth {
  readonly answeredMs: number;
  readonly jmeterWorkedMs: number;
  readonly clientsWorkedMs: number;
  /** Refused probes since the last response, and the time of the first. */
  readonly refusals: number;
  readonly refusedSinceMs: number;
  readonly processEnded?: string;
}

/** A single refused probe may only be a reset or a full accept queue. */
const MIN_REFUSALS = 3;
const MIN_REFUSED_MS = 2_000;
/** Long enough for a saturated machine; a vanished host is still noticed within the documented 10 s. */
export const MAX_SILENCE_MS = 8_000;
/** From here on a closer look at the worker is worth its cost. */
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

/** Discounts a time during which the controller itself was stalled and could not receive anything. */
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
    // Growing journals postpone this verdict, but not the limit on silence below.
    if (nowMs - health.clientsWorkedMs >= MIN_REFUSED_MS) {
      return `its port refused ${health.refusals} connections in ${seconds(refusedMs)}`;
    }
  }
  const silentMs = nowMs - Math.max(health.answeredMs, health.jmeterWorkedMs);
  return silentMs > MAX_SILENCE_MS ? `it gave no sign of life for ${seconds(silentMs)}` : undefined;
}

/** Whether a worker responds badly, although it is too early for a verdict. */
export function isSuspicious(health: WorkerHealth, nowMs: number): boolean {
  return health.refusals > 0 || nowMs - health.answeredMs > SUSPICIOUS_MS;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
