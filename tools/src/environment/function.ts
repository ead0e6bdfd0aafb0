import { dirname, resolve } from "node:path";
import type { LocalFunction, ReplicaChange } from "@slbench/handler";
import { type ProcessorTime, readProcessorTime } from "@slbench/handler/processor-time";
import type { Experiment } from "@slbench/jmeter-plans";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import type { Guard } from "../process/guard.ts";
import type { SetupLog } from "../setup/steps.ts";
import { lastOutput, startFunctionCommand } from "./function-command.ts";
import { readFunctionMetrics, watchFunctionMetrics } from "./function-metrics.ts";
import { fetchMetrics, seriesOf, sumOf } from "./prometheus.ts";

/** The function under test: started here by slbench, or running elsewhere. */
export interface FunctionUnderTest {
  readonly url: string;
  readonly local: boolean;
  /** Present if known before the first request. */
  readonly backend?: string;
  /** Resolves with the way it ended, if slbench started it and it ended before close(). */
  readonly died?: Promise<string>;
  /** The last lines that it printed, in one line; absent if it prints to the terminal. */
  output?(): string;
  /** Requests that the function has received since it started, if slbench runs its gateway. */
  countRequests?(): Promise<number | undefined>;
  /**
   * Begins to measure its processor time, by its processes or its metrics. The function that it resolves to returns what
   * it has taken since; undefined if that cannot be read, as outside of Linux. Absent if slbench did not start it, and it
   * has no metrics.
   */
  watchProcessorTime?(): Promise<() => Promise<ProcessorTime | undefined>>;
  /** Changes in the number of its replicas so far, if slbench starts and ends them by a rule. */
  replicaChanges?(): readonly ReplicaChange[];
  /**
   * Starts the function again with another number of replicas, at the same address; only of the local function.
   * @returns false if it runs with as many already
   * @throws {SlbenchError} RUN_FUNCTION_PORT if another process took its address meanwhile
   */
  scale?(replicas: number): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Starts the local function if the experiment has `url: local`, on port 8080 (or SLBENCH_PORT; on another port,
 * with a log line, if that is busy). Otherwise returns the experiment's url.
 * Starts `function.command` if there is one.
 * @param file the experiment file
 * @throws {SlbenchError} SETUP_CHANGED, SETUP_NO_PACKAGES, RUN_FUNCTION_PORT, RUN_FUNCTION_NOT_READY,
 * RUN_FUNCTION_METRICS
 */
export async function openFunction(
  experiment: Experiment,
  file: string,
  guard: Guard,
  log: SetupLog,
): Promise<FunctionUnderTest> {
  const target = await openTarget(experiment, file, guard, log);
  const { metrics } = experiment.function;
  if (metrics === undefined) return target;
  try {
    await readFunctionMetrics(metrics);
  } catch (error) {
    await target.close();
    throw error;
  }
  return { ...target, watchProcessorTime: () => watchFunctionMetrics(metrics) };
}

async function openTarget(
  experiment: Experiment,
  file: string,
  guard: Guard,
  log: SetupLog,
): Promise<FunctionUnderTest> {
  const { url, command, replicas, concurrency, timeoutSeconds, backend, mode, autoscale } =
    experiment.function;
  if (command !== undefined) return openCommand(command, url, dirname(resolve(file)), guard);
  if (url !== "local") return { url, local: false, close: async () => {} };
  const { ensureDetector } = await import("../setup/detector.ts");
  const { packages } = await ensureDetector(backend, log);
  const { startLocalFunction } = await import("@slbench/handler");
  const changes: ReplicaChange[] = [];
  const settings = {
    ...{ concurrency, timeoutSeconds, backend, mode },
    ...(autoscale !== undefined && {
      autoscale,
      onScale: (change: ReplicaChange) => void changes.push(change),
    }),
    ...(packages !== undefined && { detectorPackages: packages }),
  };
  const started = await startLocalFunction({
    ...{ ...settings, replicas },
    port: Number(process.env.SLBENCH_PORT ?? 8080),
    onBusyPort: (busy) => log.line(`run: port ${busy} is busy; the function uses another`),
  });
  const restart = (count: number) =>
    startLocalFunction({
      ...{ ...settings, replicas: count, port: started.port },
      onBusyPort: (busy) => {
        throw portTaken(busy);
      },
    });
  return {
    ...scalable({ running: started, replicas }, restart),
    ...(autoscale !== undefined && { replicaChanges: () => changes }),
  };
}

/** The local function, which can be started again with another number of replicas. */
function scalable(
  first: { readonly running: LocalFunction; readonly replicas: number },
  start: (replicas: number) => Promise<LocalFunction>,
): FunctionUnderTest {
  let { running, replicas } = first;
  const { url, backend } = running;
  let report: (how: string) => void = () => {};
  const died = new Promise<string>((done) => {
    report = done;
  });
  void running.died.then(report);
  return {
    ...{ url, local: true, backend, died },
    countRequests: () => countRequests(new URL("/metrics", url)),
    watchProcessorTime: async () => watchProcess(() => running.pid),
    async scale(count) {
      if (count === replicas) return false;
      await running.stop();
      running = await start(count);
      replicas = count;
      void running.died.then(report);
      return true;
    },
    close: () => running.stop(),
  };
}

const portTaken = (port: number) =>
  new SlbenchError<ToolErrorCode>(
    "RUN_FUNCTION_PORT",
    `another process took port ${port} while the function was started with other replicas`,
    { hint: "end it, or choose another port: SLBENCH_PORT=8090" },
  );

async function openCommand(
  command: readonly string[],
  url: string,
  folder: string,
  guard: Guard,
): Promise<FunctionUnderTest> {
  const child = await startFunctionCommand(command, url, folder, guard);
  let isClosing = false;
  const died = child.ended.then(({ exitCode, signal }) => {
    // Pending while slbench itself ends it.
    return isClosing ? new Promise<string>(() => {}) : (signal ?? `exit code ${exitCode}`);
  });
  return {
    ...{ url, local: false, died, output: () => lastOutput(child) },
    watchProcessorTime: async () => watchProcess(() => child.pid),
    async close() {
      isClosing = true;
      await child.stop();
    },
  };
}

/** The processor time of a process and all that it started, from now on until the returned function is called. */
function watchProcess(pid: () => number | undefined): () => Promise<ProcessorTime | undefined> {
  const read = () => {
    const id = pid();
    return id === undefined ? undefined : readProcessorTime(id);
  };
  const before = read();
  return async () => {
    const after = read();
    const isKnown = before !== undefined && after !== undefined && after.cpuSeconds >= before.cpuSeconds;
    return isKnown ? { ...after, cpuSeconds: after.cpuSeconds - before.cpuSeconds } : undefined;
  };
}

/** The gateway's own count, over all functions; undefined if unavailable. */
async function countRequests(metrics: URL): Promise<number | undefined> {
  const text = await fetchMetrics(metrics).catch(() => "");
  const started = seriesOf(text, "gateway_function_invocation_started");
  return started.size === 0 ? undefined : sumOf(started);
}
