import type { Backend } from "../detector.ts";
import type { Watchdog } from "./watchdog.ts";

/** The replicas that serve at the moment, behind their watchdogs. */
export interface Pool {
  readonly backend: Backend;
  /** Ready replicas. */
  readonly ready: readonly Watchdog[];
  /** SIGTERM to everything: requests in flight end, nothing is replaced. */
  drain(): void;
  /** Ends everything at once; resolves when it has ended. */
  stop(): Promise<void>;
}

/** One of the ready replicas by chance, as the OpenFaaS provider picks an endpoint. */
export function pick(pool: Pool, random: () => number): Watchdog | undefined {
  return pool.ready[Math.floor(random() * pool.ready.length)];
}
