import type { Backend } from "../detector.ts";

/** How the function is hosted on this machine. */
export interface GatewayOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  readonly functionName: string;
  /** Processes that serve the function. */
  readonly replicas: number;
  /** Requests in flight per replica (max_inflight); 0: no limit. */
  readonly concurrency: number;
  /** The watchdog's exec_timeout. */
  readonly timeoutSeconds: number;
  readonly backend: Backend | "auto";
  readonly maxBodyBytes: number;
}

export const gatewayDefaults: GatewayOptions = {
  port: 8080,
  host: "127.0.0.1",
  functionName: "slblur",
  replicas: 1,
  concurrency: 0,
  timeoutSeconds: 25,
  backend: "auto",
  maxBodyBytes: 10_000_000,
};

/** What the gateway's process tells the one that started it. */
export type GatewayMessage =
  | { readonly ready: { readonly port: number; readonly backend: Backend } }
  | { readonly failed: { readonly code: string; readonly message: string } };
