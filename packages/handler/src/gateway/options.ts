import type { Backend } from "../detector.ts";

/** How a function is hosted: a persistent server (of-watchdog) or a process per request (classic watchdog). */
export type FunctionMode = "http" | "fork";

/** How the function is hosted on this machine. */
export interface GatewayOptions {
  /** 0 means any free port. */
  readonly port: number;
  readonly host: string;
  readonly functionName: string;
  readonly mode: FunctionMode;
  /** Number of processes that serve the function; in mode fork, of watchdogs that start a process per request. */
  readonly replicas: number;
  /** Requests in flight per replica (max_inflight); 0 means no limit. */
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

/** Messages from the gateway process to its parent. */
export type GatewayMessage =
  | { readonly ready: { readonly port: number; readonly backend: Backend } }
  | { readonly failed: { readonly code: string; readonly message: string } };
