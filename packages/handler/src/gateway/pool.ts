import type { Backend } from "../detector.ts";
import type { Watchdog } from "./watchdog.ts";

/** The replicas currently in service, behind their watchdogs. */
export interface Pool {
  readonly backend: Backend;
  /** Ready replicas. */
  readonly ready: readonly Watchdog[];
  /** Sends SIGTERM to all: requests in flight complete, and no replica is replaced. */
  drain(): void;
  /** Kills all processes; resolves when they have ended. */
  stop(): Promise<void>;
}

/** Picks a ready replica at random, as the OpenFaaS provider picks an endpoint. */
export function pick(pool: Pool, random: () => number): Watchdog | undefined {
  return pool.ready[Math.floor(random() * pool.ready.length)];
}
