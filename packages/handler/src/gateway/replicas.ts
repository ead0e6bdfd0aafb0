import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Backend } from "../detector.ts";
import { type FunctionMessage, writeOptions } from "../options.ts";
import { createHttpWatchdog } from "./http-watchdog.ts";
import type { GatewayOptions } from "./options.ts";
import type { Pool } from "./pool.ts";
import type { Watchdog } from "./watchdog.ts";

/** Longest pause before slbench tries again to start a replica. */
const MAX_PAUSE_SECONDS = 30;

/**
 * Starts all replicas of mode http and waits until they are ready. A replica that dies later is replaced.
 * @param log receives a line when a replica dies or cannot be replaced
 * @param changed called when the number of ready replicas changes
 * @throws the first error if any replica cannot start
 */
export async function startReplicas(
  options: GatewayOptions,
  log: (line: string) => void,
  changed: () => void,
): Promise<Pool> {
  const children = new Set<ChildProcess>();
  const ready: Watchdog[] = [];
  let stopped = false;
  let number = 0;
  let backend: Backend | undefined;

  const start = async (): Promise<void> => {
    const name = `${options.functionName}-${++number}`;
    const child = startProcess(name, options);
    children.add(child);
    child.once("exit", () => children.delete(child));
    const started = await untilReady(name, child);
    if (stopped) return;
    backend ??= started.backend;
    const watchdog = createHttpWatchdog(
      { name, maxInFlight: options.concurrency, execSeconds: options.timeoutSeconds },
      started.port,
    );
    ready.push(watchdog);
    changed();
    const leave = (how: string) => {
      ready.splice(ready.indexOf(watchdog), 1);
      changed();
      if (stopped) return;
      log(`replica ${name} died (${how}); replacing it`);
      replace(1);
    };
    if (child.exitCode !== null || child.signalCode !== null) leave("right after its start");
    else child.once("exit", (code, signal) => leave(signal ?? `exit ${code}`));
  };
  const replace = (pauseSeconds: number): void => {
    start().catch((error: unknown) => {
      if (stopped) return;
      log(
        `cannot replace a replica (${error instanceof Error ? error.message : error}); next attempt in ${pauseSeconds} s`,
      );
      setTimeout(() => {
        if (!stopped) replace(Math.min(MAX_PAUSE_SECONDS, pauseSeconds * 2));
      }, pauseSeconds * 1000);
    });
  };
  const stop = async () => {
    stopped = true;
    const ends = [...children].map((child) => once(child, "exit"));
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(ends);
  };

  try {
    await Promise.all(Array.from({ length: options.replicas }, start));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    backend: backend ?? "none",
    ready,
    drain() {
      stopped = true;
      for (const watchdog of ready) watchdog.drain();
      for (const child of children) child.kill("SIGTERM");
    },
    stop,
  };
}

/** Path of the function's main file, in the sources or in dist. */
export function functionProgram(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`../main.${extension}`, import.meta.url));
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
      else resolve(message.ready);
    });
  });
}
