import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Backend } from "../detector.ts";
import { type FunctionMessage, writeOptions } from "../options.ts";
import { ownModule } from "../own-module.ts";
import { createHttpWatchdog } from "./http-watchdog.ts";
import type { GatewayOptions } from "./options.ts";
import type { Watchdog } from "./watchdog.ts";

/** A process that serves the function, behind its watchdog. */
export interface Replica {
  readonly watchdog: Watchdog;
  readonly backend: Backend;
  /** Resolves with how the process ended. */
  readonly ended: Promise<string>;
  /** CPU seconds that the process has used so far; its last known value once it has ended. */
  cpuSeconds(): Promise<number>;
  /** Sends SIGTERM: requests in flight complete. */
  end(): void;
}

/** Starts the replicas of mode http, and ends them. */
export interface ReplicaProcesses {
  /** Starts one; resolves when it serves. @throws if it ends before */
  start(): Promise<Replica>;
  /** Sends SIGTERM to all: requests in flight complete. */
  drain(): void;
  /** Kills all; resolves when they have ended. */
  stop(): Promise<void>;
}

export function createReplicaProcesses(options: GatewayOptions): ReplicaProcesses {
  const children = new Set<ChildProcess>();
  let number = 0;
  return {
    async start() {
      const name = `${options.functionName}-${++number}`;
      const child = startProcess(name, options);
      children.add(child);
      child.once("exit", () => children.delete(child));
      const { port, backend } = await untilReady(name, child);
      const watchdog = createHttpWatchdog(
        { name, maxInFlight: options.concurrency, execSeconds: options.timeoutSeconds },
        port,
      );
      return {
        watchdog,
        backend,
        ended: untilEnded(child),
        cpuSeconds: createCpuMeter(child),
        end: () => void child.kill("SIGTERM"),
      };
    },
    drain() {
      for (const child of children) child.kill("SIGTERM");
    },
    async stop() {
      const ends = [...children].map((child) => once(child, "exit"));
      for (const child of children) child.kill("SIGKILL");
      await Promise.all(ends);
    },
  };
}

/** Path of the function's main file, in the sources or in dist. */
export function functionProgram(): string {
  return fileURLToPath(ownModule(import.meta.url, "../main"));
}

function startProcess(name: string, { backend, maxBodyBytes }: GatewayOptions): ChildProcess {
  const settings = writeOptions({ backend, maxBodyBytes, replica: name, host: "127.0.0.1", port: 0 });
  return fork(functionProgram(), [], {
    env: { ...process.env, ...settings },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function untilReady(
  name: string,
  child: ChildProcess,
): Promise<{ readonly port: number; readonly backend: Backend }> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      reject(new Error(`replica ${name} ended before it was ready (${signal ?? `exit ${code}`})`)),
    );
    child.once("message", (message: FunctionMessage) => {
      if ("failed" in message) reject(new Error(message.failed));
      else if ("ready" in message) resolve(message.ready);
    });
  });
}

function untilEnded(child: ChildProcess): Promise<string> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve("right after its start");
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? `exit ${code}`));
  });
}

/** Asks the process for its CPU time. */
function createCpuMeter(child: ChildProcess): () => Promise<number> {
  let last = 0;
  return async () => {
    if (!child.connected) return last;
    const answered = new Promise<void>((resolve) => {
      child.once("message", (message: FunctionMessage) => {
        if ("cpuSeconds" in message) last = message.cpuSeconds;
        resolve();
      });
      child.once("exit", () => resolve());
    });
    child.send("cpu", () => {}); // a process that ends meanwhile keeps its last value
    await answered;
    return last;
  };
}
