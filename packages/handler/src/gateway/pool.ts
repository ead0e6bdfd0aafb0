import type { Backend } from "../detector.ts";
import { type Exchange, respond } from "./exchange.ts";
import type { Watchdog } from "./watchdog.ts";

/** Numbers of replicas, and of requests that wait in the gateway. */
export interface ReplicaCount {
  readonly wanted: number;
  readonly ready: number;
  readonly starting: number;
  /** Replicas that complete their last requests. */
  readonly ending: number;
  readonly queued: number;
}

/** The replicas currently in service, behind their watchdogs. */
export interface Pool {
  readonly backend: Backend;
  count(): ReplicaCount;
  /** Sends a request to a replica, now or when there is one. */
  invoke(exchange: Exchange): void;
  /** Sends SIGTERM to all: requests in flight complete, and no replica is replaced. */
  drain(): void;
  /** Kills all processes; resolves when they have ended. */
  stop(): Promise<void>;
}

/**
 * Sends each request to a replica picked at random, as the OpenFaaS provider picks an endpoint; responds 503 if there
 * is none.
 * @param ready the ready replicas; may change
 */
export function invokeAny(ready: readonly Watchdog[], functionName: string): Pool["invoke"] {
  return (exchange) => {
    const watchdog = ready[Math.floor(Math.random() * ready.length)];
    if (watchdog !== undefined) return watchdog.handle(exchange);
    const plain = { "content-type": "text/plain; charset=utf-8" };
    respond(exchange, 503, plain, `No endpoints available for: ${functionName}.`);
  };
}
