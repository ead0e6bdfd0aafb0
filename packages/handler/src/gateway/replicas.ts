import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Backend } from "../detector.ts";
import type { ReplicaMessage, ReplicaOptions } from "../replica.ts";
import type { GatewayOptions } from "./options.ts";

export interface Replica {
  readonly name: string;
  readonly port: number;
  readonly backend: Backend;
  readonly process: ChildProcess;
  inFlight: number;
}

/** The replicas that serve at the moment; a dead one is replaced. */
export interface ReplicaSet {
  /** The ready replica with the fewest requests in flight, or undefined when none is ready. */
  pick(): Replica | undefined;
  readonly ready: readonly Replica[];
  stop(): void;
}

/** Starts all replicas and waits for all of them. Rejects with the first one's reason if any cannot start. */
export async function startReplicas(options: GatewayOptions): Promise<ReplicaSet> {
  const ready: Replica[] = [];
  let stopped = false;
  let number = 0;
  let turn = 0;

  const start = async (): Promise<void> => {
    number++;
    const replica = await startReplica(`${options.functionName}-${number}`, options);
    if (stopped) return void replica.process.disconnect();
    ready.push(replica);
    replica.process.once("exit", (code, signal) => {
      ready.splice(ready.indexOf(replica), 1);
      if (stopped) return;
      process.stderr.write(
        `slbench gateway: replica ${replica.name} died (${signal ?? `exit ${code}`}); replacing it\n`,
      );
      start().catch((error: unknown) =>
        process.stderr.write(`slbench gateway: no replacement: ${String(error)}\n`),
      );
    });
  };

  await Promise.all(Array.from({ length: options.replicas }, start));
  return {
    ready,
    pick() {
      if (ready.length === 0) return undefined;
      turn++;
      // Equal loads take turns.
      const order = ready.map((_, index) => ready[(index + turn) % ready.length] as Replica);
      return order.reduce((best, replica) => (replica.inFlight < best.inFlight ? replica : best));
    },
    stop() {
      stopped = true;
      for (const { process } of ready) process.disconnect();
    },
  };
}

function startReplica(name: string, options: GatewayOptions): Promise<Replica> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const program = fileURLToPath(new URL(`../replica.${extension}`, import.meta.url));
  const replicaOptions: ReplicaOptions = {
    backend: options.backend,
    replica: name,
    maxBodyBytes: options.maxBodyBytes,
  };
  const child = fork(program, [JSON.stringify(replicaOptions)], {
    execArgv: [...process.execArgv, "--no-deprecation"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      reject(new Error(`replica ${name} ended before it was ready (${signal ?? `exit ${code}`})`)),
    );
    child.once("message", (message: ReplicaMessage) => {
      if ("failed" in message) return reject(new Error(message.failed));
      resolve({ name, ...message.ready, process: child, inFlight: 0 });
    });
  });
}
