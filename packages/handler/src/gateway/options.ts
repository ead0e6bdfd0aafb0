import type { Backend } from "../detector.ts";
import type { AutoscalerOptions } from "./autoscaler/autoscaler.ts";
import type { ReplicaCount } from "./pool.ts";

/** How a function is hosted: a persistent server (of-watchdog) or a process per request (classic watchdog). */
export type FunctionMode = "http" | "fork";

/** The rule that chooses the number of replicas, and how long one takes to start. */
export type AutoscaleOptions = AutoscalerOptions & {
  /** The shortest time from a replica's start until it serves, for slow starts on purpose; default: as it takes. */
  readonly startSeconds?: number;
};

/** How the function is hosted on this machine. */
export interface GatewayOptions {
  /** 0 means any free port. */
  readonly port: number;
  readonly host: string;
  readonly functionName: string;
  readonly mode: FunctionMode;
  /** Number of processes that serve the function; in mode fork, of watchdogs that start a process per request. */
  readonly replicas: number;
  /** Mode http only: starts and ends replicas by a rule, instead of `replicas`. */
  readonly autoscale?: AutoscaleOptions;
  /** Requests in flight per replica (max_inflight); 0 means no limit. Beyond it, `autoscale` queues requests. */
  readonly concurrency: number;
  /** The watchdog's exec_timeout. */
  readonly timeoutSeconds: number;
  /** The gateway's upstream_timeout; default: timeoutSeconds + 1. */
  readonly upstreamTimeoutSeconds?: number;
  /** The gateway's read_timeout and write_timeout; default: timeoutSeconds + 2. */
  readonly writeTimeoutSeconds?: number;
  readonly backend: Backend | "auto";
  readonly maxBodyBytes: number;
  /** Password of `admin` for /system/*; without it, every login is refused. */
  readonly adminPassword?: string;
}

export const gatewayDefaults: GatewayOptions = {
  port: 8080,
  host: "127.0.0.1",
  functionName: "slblur",
  mode: "http",
  replicas: 1,
  concurrency: 0,
  timeoutSeconds: 25,
  backend: "auto",
  maxBodyBytes: 10_000_000,
};

/** Replicas from a moment on. */
export interface ReplicaChange extends ReplicaCount {
  readonly epochMicros: number;
}

/** Messages from the gateway process to its parent. */
export type GatewayMessage =
  /** The number of wanted, ready, starting or ending replicas has changed. */
  | { readonly scaled: ReplicaChange }
  | { readonly ready: { readonly port: number; readonly backend: Backend } }
  | { readonly failed: { readonly code: string; readonly message: string } };
