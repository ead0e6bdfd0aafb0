import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Backend } from "../detector.ts";
import { writeOptions } from "../options.ts";
import { createForkWatchdog, type Program } from "./fork-watchdog.ts";
import type { GatewayOptions } from "./options.ts";
import { invokeAny, type Pool } from "./pool.ts";
import { functionProgram } from "./replica-processes.ts";

/** A grey pixel as PNG, the payload of the smoke test. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAADElEQVQImWPo6OgAAAM0AZmUse0HAAAAAElFTkSuQmCC";

/**
 * Starts the replicas of mode fork: each is a watchdog that starts a process per request. A smoke test comes
 * first, so a function that cannot start fails here.
 * @throws an error with the function's output if the smoke test fails
 */
export async function startForks(options: GatewayOptions): Promise<Pool> {
  const names = Array.from(
    { length: options.replicas },
    (_, index) => `${options.functionName}-${index + 1}`,
  );
  const programOf = (replica: string): Program => ({
    command: process.execPath,
    args: [...process.execArgv, functionProgram(), "--once"],
    env: {
      ...(process.env as Record<string, string>),
      ...writeOptions({ backend: options.backend, maxBodyBytes: options.maxBodyBytes, replica }),
    },
  });
  const backend = await smokeTest(programOf("trial"));
  const limits = { maxInFlight: options.concurrency, execSeconds: options.timeoutSeconds };
  const running = new Set<ChildProcess>();
  const ready = names.map((name) => createForkWatchdog({ name, ...limits }, programOf(name), running));
  return {
    backend,
    count: () => ({ wanted: names.length, ready: names.length, starting: 0, ending: 0, queued: 0 }),
    invoke: invokeAny(ready, options.functionName),
    drain() {
      for (const watchdog of ready) watchdog.drain();
    },
    async stop() {
      const ends = [...running].map((child) => once(child, "exit"));
      for (const child of running) child.kill("SIGKILL");
      await Promise.all(ends);
    },
  };
}

async function smokeTest({ command, args, env }: Program): Promise<Backend> {
  const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(PIXEL);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`the function failed (exit ${code}): ${output.slice(0, 300)}`);
  return (JSON.parse(output) as { readonly backend: Backend }).backend;
}
