import { hostname } from "node:os";
import { BACKENDS, type Backend } from "./detector.ts";
import { HandlerError } from "./errors.ts";
import { bodyLimits } from "./http/server.ts";
import { MAX_PIXELS } from "./picture/codec.ts";

/** Start options of a function process. */
export interface FunctionOptions {
  readonly backend: Backend | "auto";
  /** Name of this process in its responses. */
  readonly replica: string;
  /** Largest body in bytes. */
  readonly maxBodyBytes: number;
  /** Largest number of pixels in a picture. */
  readonly maxPixels: number;
  /** Address and port of the server; port 0 means any free port. */
  readonly host: string;
  readonly port: number;
}

/**
 * Reads the options of a deployed function from its environment; see packages/handler/README.md.
 * @throws {HandlerError} OPTION_WRONG
 */
export function readOptions(env: Readonly<Record<string, string | undefined>>): FunctionOptions {
  const count = (name: string, fallback: number): number => {
    const text = env[name];
    if (text === undefined || text === "") return fallback;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0) throw wrong(name, text, "a whole number, 0 or more");
    return value;
  };
  const text = env.SLBENCH_BACKEND || "auto";
  const backend = (["auto", ...BACKENDS] as const).find((name) => name === text);
  if (backend === undefined)
    throw wrong("SLBENCH_BACKEND", text, `auto, ${BACKENDS.slice(0, -1).join(", ")} or ${BACKENDS.at(-1)}`);
  return {
    backend,
    replica: env.SLBENCH_REPLICA || hostname(),
    maxBodyBytes: count("SLBENCH_MAX_BODY", bodyLimits.maxBodyBytes),
    maxPixels: count("SLBENCH_MAX_PIXELS", MAX_PIXELS),
    host: env.SLBENCH_HOST || "127.0.0.1",
    port: count("SLBENCH_PORT", 3000),
  };
}

function wrong(name: string, value: string, allowed: string): HandlerError {
  return new HandlerError("OPTION_WRONG", 500, `${name} is ${value.slice(0, 80)}`, `set it to ${allowed}`);
}

/** Messages from a function process to the gateway that started it, over their IPC channel. */
export type FunctionMessage =
  | { readonly ready: { readonly port: number; readonly backend: Backend } }
  | { readonly failed: string }
  /** CPU time of the process so far; the response to any message of the gateway. */
  | { readonly cpuSeconds: number };

/** The environment variables from which `readOptions` reads these options. */
export function writeOptions(options: Partial<FunctionOptions>): Record<string, string> {
  const names: Readonly<Record<keyof FunctionOptions, string>> = {
    backend: "SLBENCH_BACKEND",
    replica: "SLBENCH_REPLICA",
    maxBodyBytes: "SLBENCH_MAX_BODY",
    maxPixels: "SLBENCH_MAX_PIXELS",
    host: "SLBENCH_HOST",
    port: "SLBENCH_PORT",
  };
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [names[key as keyof FunctionOptions], String(value)]),
  );
}
