import { join } from "node:path";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { type Child, startChild } from "../process/child.ts";
import type { Guard } from "../process/guard.ts";
import type { JMeter } from "./home.ts";
import type { RmiKeys } from "./keys.ts";
import { jmeterArguments, jmeterProperties } from "./launch.ts";
import { freePorts } from "./ports.ts";

export interface WorkerOptions {
  readonly jmeter: JMeter;
  /** Absent: plain RMI. */
  readonly keys: RmiKeys | undefined;
  readonly guard: Guard;
  readonly logFolder: string;
  /** Address that the worker listens on and that the controller calls. */
  readonly host: string;
  /** The worker's number, from 0; it determines its share of the users. */
  readonly index: number;
  readonly count: number;
}

/** A `jmeter-server` that accepts tests. */
export interface RunningWorker {
  /** `127.0.0.1:40123`, as in the controller's -R and in each thread's name. */
  readonly address: string;
  /** The worker's number, from 0. */
  readonly index: number;
  /** Only if this run started it. */
  readonly child?: Child;
}

export interface LocalWorker extends RunningWorker {
  readonly child: Child;
}

const READY_SECONDS = 40;

/**
 * Starts a worker on free ports and waits until it accepts tests (about 1.3 s).
 *
 * @throws {SlbenchError} RUN_WORKER_NOT_READY with the last lines of its output
 */
export async function startWorker(options: WorkerOptions): Promise<LocalWorker> {
  for (let attempt = 1; ; attempt++) {
    const [port = 0] = await freePorts(1, options.host);
    const child = start(options, port);
    const problem = await ready(child);
    if (problem === undefined) return { address: `${options.host}:${port}`, index: options.index, child };
    await child.stop();
    const portTaken = child.tail.some((line) => line.includes("in use") || line.includes("Could not bind"));
    if (portTaken && attempt < 3) continue; // another process took the port: try others
    throw new SlbenchError<ToolErrorCode>(
      "RUN_WORKER_NOT_READY",
      `JMeter worker ${options.index + 1} of ${options.count} ${problem}: ${lastLines(child)}`,
      { hint: `see ${join(options.logFolder, logName(options.index))}; slbench doctor checks this machine` },
    );
  }
}

function start(options: WorkerOptions, port: number): Child {
  const { jmeter, keys, index, count } = options;
  const args = jmeterArguments(jmeter, options.host, keys, [
    "-s",
    "-j",
    join(options.logFolder, logName(index)),
    ...jmeterProperties({
      server_port: port,
      "server.rmi.port": port,
      "server.rmi.localport": port, // registry and engine share it
      "slbench.worker.index": index,
      "slbench.worker.count": count,
    }),
  ]);
  return startChild(jmeter.java, args, {
    cwd: options.logFolder,
    logFile: join(options.logFolder, `worker-${index + 1}.out.txt`),
    guard: options.guard,
  });
}

const logName = (index: number) => `worker-${index + 1}.log`;

/** Resolves with the problem, or with undefined once the engine is registered with RMI. */
function ready(child: Child): Promise<string | undefined> {
  return new Promise((done) => {
    const late = setTimeout(() => done(`was not ready after ${READY_SECONDS} s`), READY_SECONDS * 1000);
    const finish = (problem: string | undefined) => {
      clearTimeout(late);
      done(problem);
    };
    child.onLine((line) => {
      if (line.includes("Created remote object")) finish(undefined);
    });
    void child.ended.then((ending) => {
      finish(ending.error ? `could not be started (${ending.error.message})` : "ended immediately");
    });
  });
}

function lastLines(child: Child): string {
  return child.tail.slice(-3).join(" | ").slice(-300) || "no output";
}
