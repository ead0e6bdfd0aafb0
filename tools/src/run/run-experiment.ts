import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { formatCount } from "@slbench/analyzer/logs";
import type { RequestSpec } from "@slbench/client/request-spec";
import type { Experiment } from "@slbench/jmeter-plans";
import { checkMachine } from "../environment/check-machine.ts";
import { type FunctionUnderTest, openFunction } from "../environment/function.ts";
import { type Prepared, prepare } from "../environment/prepare.ts";
import {
  describeProbe,
  fastestRoundTrip,
  isValid,
  type Probe,
  probeError,
  probeFunction,
  readProbe,
} from "../environment/probe.ts";
import { makeRequestSpec, REQUEST_FILE, renderRequestSpec } from "../environment/request-file.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { makeInside, writeInside } from "../output-file.ts";
import { type Guard, startGuard } from "../process/guard.ts";
import { type Interrupt, interruptedError, listenForInterrupt } from "../process/interrupt.ts";
import { progressOutput } from "../progress-output.ts";
import { type Job, type RunOptions, readJob } from "../results/job.ts";
import { forecastLoad, loadWarnings } from "../results/load-forecast.ts";
import { createRecord, type Recorder, startRecorder } from "../results/record.ts";
import {
  createResultFolder,
  isDone,
  type RunCell,
  type RunRecord,
  readRunRecord,
} from "../results/result-folder.ts";
import { workerRestarted } from "../results/warnings.ts";
import { stderrLog } from "../setup/steps.ts";
import { collectJournals, describeCollected } from "../workers/collect-journals.ts";
import { collectResponses, describeResponses } from "../workers/collect-responses.ts";
import { openFleet } from "../workers/open-fleet.ts";
import { readWorkerShells } from "../workers/worker-shell.ts";
import { describeCell, measureCell, type NextCell, type RunContext } from "./measure-cell.ts";
import { createProgress, type Progress } from "./progress.ts";
import type { RejectedCell } from "./rejected.ts";
import { demandSpace, resumableError } from "./resumable.ts";
import { smokeTest } from "./smoke-test.ts";

export interface RunResult {
  readonly folder: string;
  /** False if a cell is missing data. */
  readonly complete: boolean;
  /** The cell after which the run stopped: the function rejected every request. */
  readonly rejected?: RejectedCell;
}

/**
 * Runs an experiment: sets up what is missing, starts function and workers, runs all cells, leaves nothing
 * running. The result folder follows docs/data-formats.md even if the run fails.
 *
 * @param progress default: on standard error
 * @throws {SlbenchError} RUN_INTERRUPTED (exit 130) after all has ended; what set-up and probing throw
 */
export async function runExperiment(
  options: RunOptions,
  progress: Progress = createProgress(),
): Promise<RunResult> {
  if (options.resume !== undefined) await fetchLeft(resolve(options.resume));
  const job = await readJob(options);
  if (job.resumed?.record.find !== undefined) {
    throw new SlbenchError<ToolErrorCode>("USAGE_RESUME", `${options.resume} is a search by slbench find`, {
      hint: `slbench find --resume ${options.resume}`,
      exitCode: 2,
    });
  }
  return measureJob(job, options.out, inPlannedOrder(), progress);
}

/**
 * Decides which cell is measured next; asked again after each one. The record's cells have their states by then.
 * @returns undefined if the run is done
 */
export type CellPlan = (record: RunRecord, folder: string) => Promise<NextCell | undefined>;

/** Each planned cell once, in the order of the record. */
export function inPlannedOrder(): CellPlan {
  const tried = new Set<string>();
  return async ({ cells }) => {
    const cell = cells.find((one) => !isDone(one) && !tried.has(one.name));
    if (cell === undefined) return undefined;
    tried.add(cell.name);
    return { cell, cells: cells.length };
  };
}

/**
 * As runExperiment(), for a job that was read already and cells in an order of its own.
 * @param out parent of the result folder
 */
export async function measureJob(
  job: Job,
  out: string | undefined,
  plan: CellPlan,
  progress: Progress,
): Promise<RunResult> {
  const interrupt = listenForInterrupt();
  const guard = startGuard();
  try {
    const prepared = await interrupt.race(prepare(job.experiment, job.file, stderrLog));
    const target = await interrupt.race(openFunction(job.experiment, job.file, guard, stderrLog));
    try {
      return await runJob(job, out, prepared, target, { guard, interrupt, progress, plan });
    } finally {
      await target.close();
    }
  } finally {
    await guard.release();
    interrupt.close();
  }
}

/** Fetches what was left on workers first, because cells that run again move to torn/ with all their data. */
export async function fetchLeft(folder: string): Promise<void> {
  const { experiment } = await readRunRecord(folder);
  const shells = await readWorkerShells(experiment);
  for (const cell of await collectResponses(folder, shells))
    progressOutput.write(`run: ${describeResponses(cell)}\n`);
  for (const cell of await collectJournals(folder, shells))
    progressOutput.write(`run: ${describeCollected(cell)}\n`);
}

async function runJob(
  job: Job,
  out: string | undefined,
  prepared: Prepared,
  target: FunctionUnderTest,
  surroundings: Surroundings,
): Promise<RunResult> {
  const { experiment } = job;
  const { interrupt, progress } = surroundings;
  await preflight(experiment, prepared, progress, job.resumed?.folder ?? out);
  const spec = await makeRequestSpec(experiment, job.file, target.url);
  const probed = await warmUp(job, prepared, target, spec, interrupt, progress);
  const backend = probed?.request.backend ?? target.backend;
  const folder =
    job.resumed?.folder ?? (await createResultFolder(resolve(out ?? "results"), experiment.name, new Date()));
  try {
    const first = { spec, backend, fastestSeconds: probed?.fastestSeconds };
    return await runInFolder(job, prepared, target, first, folder, surroundings);
  } catch (error) {
    throw resumableError(error, folder);
  }
}

interface Surroundings {
  readonly guard: Guard;
  readonly interrupt: Interrupt;
  readonly progress: Progress;
  readonly plan: CellPlan;
}

/** What clients send, and what this machine's first requests showed. */
interface FirstRequests {
  readonly spec: RequestSpec;
  readonly backend: string | undefined;
  readonly fastestSeconds: number | undefined;
}

async function runInFolder(
  job: Job,
  prepared: Prepared,
  target: FunctionUnderTest,
  { spec, backend, fastestSeconds }: FirstRequests,
  folder: string,
  { guard, interrupt, progress, plan }: Surroundings,
): Promise<RunResult> {
  const { experiment } = job;
  // A resumed run has it already; rewriting it on a full disk would empty it.
  if (job.resumed === undefined) await writeInside(folder, "experiment.yaml", job.text);
  // The local function may listen on another port than before.
  await writeInside(folder, REQUEST_FILE, renderRequestSpec(spec));
  const recorder = await startRecorder(folder, createRecord(job, prepared, target, backend));
  progress.say(
    `run: ${describeCells(job)}, function at ${target.url}${backend === undefined ? "" : ` (backend ${backend})`}, results in ${folder}`,
  );
  showPlan(progress, folder, recorder.record);
  const { keys, askPort, fleet } = await interrupt.race(
    openFleet(job, prepared, guard, folder, join(folder, REQUEST_FILE)),
  );
  let rejected: RejectedCell | undefined;
  try {
    await recorder.hosts(await fleet.hosts());
    const common = { experiment, prepared, target, guard, keys, askPort, fleet, progress };
    const context = { ...common, interrupted: interrupt.signal };
    await expectLoad(context, recorder, (await probeWorkers(context, spec)) ?? fastestSeconds);
    const scale = (cell: RunCell) => scaleFunction(cell, target, prepared, spec, interrupt, progress);
    const about = aboutCells(recorder.record);
    rejected = await runCells({ ...context, folder, about, scale }, recorder, plan);
  } finally {
    await fleet.stop();
  }
  if (!interrupt.signal.aborted) {
    const { cells, warnings, state } = recorder.record;
    if (rejected !== undefined) return { folder, complete: false, rejected };
    if (!cells.every((cell) => cell.state === "failed")) return { folder, complete: state === "complete" };
    const [first] = warnings;
    const cell = first?.cell === undefined ? "" : `${first.cell}: `;
    throw new SlbenchError<ToolErrorCode>(
      "RUN_NOTHING_MEASURED",
      `${cell}${first?.message ?? "no cell produced a sample"}`,
      {
        hint: `see the logs in ${folder}; slbench doctor EXPERIMENT checks for the cause`,
      },
    );
  }
  throw interruptedError(
    `slbench run --resume ${folder} continues; slbench analyze ${folder} shows the results so far`,
  );
}

function showPlan(progress: Progress, folder: string, { experiment, find, order, cells }: RunRecord): void {
  progress.planned({
    ...{ experiment, folder },
    order: find !== undefined ? "as the search goes" : order === "random" ? "random order" : "as written",
    cells: cells.map((cell) => ({ ...cell, condition: describeCell(cell) })),
  });
}

const aboutCells = ({
  experiment,
  requestsPerUser,
  durationSeconds,
  backend,
  versions,
  hosts,
}: RunRecord) => ({
  ...{ experiment, versions, hosts },
  ...(requestsPerUser !== undefined && { requestsPerUser }),
  ...(durationSeconds !== undefined && { durationSeconds }),
  ...(backend !== undefined && { backend }),
});

/** What runs cells, and gives the function each cell's replicas first. */
interface CellContext extends RunContext {
  readonly scale: (cell: RunCell) => Promise<void>;
}

/** Requests for each replica of a function that was started again, so that none measures its first one. */
const WARM_UP_PER_REPLICA = 2;

/** Starts the function with the replicas of a cell, if it names them, and warms them up. */
async function scaleFunction(
  { replicaCount }: RunCell,
  target: FunctionUnderTest,
  prepared: Prepared,
  spec: RequestSpec,
  interrupt: Interrupt,
  progress: Progress,
): Promise<void> {
  if (replicaCount === undefined || target.scale === undefined) return;
  if (!(await interrupt.race(target.scale(replicaCount)))) return;
  progress.say(`run: the function was started with ${formatCount(replicaCount, "replica")}`);
  await interrupt.race(
    probeFunction({
      ...{ client: prepared.client.path, spec, payloads: prepared.payloads },
      ...{ count: WARM_UP_PER_REPLICA * replicaCount, interrupted: interrupt.signal },
    }),
  );
}

/** Runs cells one after the other until one has every request rejected; returns that one. */
async function runCells(
  context: CellContext,
  recorder: Recorder,
  plan: CellPlan,
): Promise<RejectedCell | undefined> {
  const { experiment, interrupted, progress, folder } = context;
  let measured = 0;
  let howItDied: string | undefined;
  let rejected: RejectedCell | undefined;
  void context.target.died?.then((how) => {
    howItDied = how;
  });
  while (rejected === undefined) {
    if (interrupted.aborted || howItDied !== undefined) break;
    const next = await plan(recorder.record, folder);
    if (next === undefined) break;
    if (measured > 0) await coolDown(experiment.load.coolDownSeconds, interrupted, progress);
    if (interrupted.aborted || howItDied !== undefined) break;
    if (!recorder.record.cells.some(({ name }) => name === next.cell.name)) {
      await recorder.add(next.cell);
      showPlan(progress, folder, recorder.record);
    }
    await context.scale(next.cell);
    rejected = await runRecorded(context, recorder, next);
    measured++;
  }
  await recorder.end(interrupted.aborted);
  if (howItDied === undefined || interrupted.aborted) return rejected;
  throw functionDied(context.target, `(${howItDied})`, `slbench run --resume ${folder} continues`);
}

/** Runs one cell of the record and records how it ended. */
async function runRecorded(
  context: RunContext,
  recorder: Recorder,
  next: NextCell,
): Promise<RejectedCell | undefined> {
  const { cell } = next;
  const index = recorder.record.cells.findIndex(({ name }) => name === cell.name);
  await putAside(context.folder, cell);
  const replaced = await context.fleet.revive().catch(async (error: unknown) => {
    await recorder.end(false);
    throw incomplete(error, context.folder, index);
  });
  await recorder.cell(cell.name, "running", []);
  const { state, warnings, rejected } = await measureCell(context, next, index + 1);
  await recorder.cell(cell.name, state, [
    ...replaced.map((address) => workerRestarted(cell.name, address)),
    ...warnings,
  ]);
  if (state === "incomplete" || state === "failed") await demandSpace(context.folder);
  return rejected;
}

/** A worker that cannot be restarted ends the run; the results so far stay. */
function incomplete(error: unknown, folder: string, cellsBefore: number): unknown {
  if (!(error instanceof SlbenchError) || cellsBefore === 0) return error;
  const hint = `${error.hint}; then slbench run --resume ${folder}`;
  return new SlbenchError<ToolErrorCode>(error.code, error.message, { hint, exitCode: 3, cause: error });
}

/** Moves the remains of an earlier attempt at a cell to `torn/`: not part of the results, but kept. */
async function putAside(folder: string, cell: RunCell): Promise<void> {
  const from = join(folder, "cells", cell.name);
  if (!existsSync(from)) return;
  await makeInside(folder, "torn");
  await rename(from, join(folder, "torn", `${cell.name}-${Date.now()}`));
}

/** Records which cells will have all their users active together, and warns of the others. */
async function expectLoad(
  { experiment, fleet, progress }: Omit<RunContext, "folder" | "about">,
  recorder: Recorder,
  responseSeconds: number | undefined,
): Promise<void> {
  if (responseSeconds === undefined || experiment.load.arrivals !== undefined) return;
  const forecast = forecastLoad(experiment, fleet.workers.length, responseSeconds);
  const warnings = loadWarnings(experiment, forecast);
  for (const { code, message, hint } of warnings)
    progress.warn(`run: WARNING ${code}: ${message}\n  ${hint}`);
  await recorder.expectLoad(forecast, warnings);
}

/** Warns of what would distort the measurement and stops for what would end it. */
async function preflight(
  experiment: Experiment,
  prepared: Prepared,
  progress: Progress,
  output: string | undefined,
): Promise<void> {
  for (const { state, what, found, fix } of await checkMachine(experiment, prepared.client.path, output)) {
    if (state === "failed") {
      throw new SlbenchError<ToolErrorCode>("RUN_PREFLIGHT", `${what}: ${found}`, {
        hint: fix ?? "slbench doctor EXPERIMENT",
      });
    }
    if (state === "warning" || state === "unknown")
      progress.warn(
        `run: ${state === "warning" ? "WARNING" : "NOT CHECKED"}: ${what}: ${found}${fix === undefined ? "" : `\n  ${fix}`}`,
      );
  }
}

/**
 * Sends the first request from this machine: is the response valid? Then as many as the experiment asks for.
 * Workers on other machines have their own way to the function, and their own secrets: probeWorkers() asks them.
 *
 * @returns the first request, with the shortest round trip of all; undefined if no worker runs here
 */
async function warmUp(
  { experiment }: Job,
  prepared: Prepared,
  target: FunctionUnderTest,
  spec: RequestSpec,
  interrupt: Interrupt,
  progress: Progress,
): Promise<Probe | undefined> {
  if (experiment.jmeter.remoteHosts.length > 0) return undefined;
  const { warmUpRequests, arrivals } = experiment.load;
  const options = {
    client: prepared.client.path,
    spec,
    payloads: prepared.payloads,
    interrupted: interrupt.signal,
  };
  const first = await interrupt.race(probeFunction(options));
  if (!isValid(first))
    throw (await endedFunction(target)) ?? probeError(spec.url, first, spec.timeoutSeconds);
  for (const line of describeProbe(first)) progress.say(`run: ${line}`);
  const needed =
    arrivals !== undefined ? 0 : first.request.roundTripSeconds > SLOW_SECONDS ? 1 : MORE_REQUESTS;
  const count = Math.max(warmUpRequests - 1, needed);
  const more = count === 0 ? first : await interrupt.race(probeFunction({ ...options, count }));
  if (warmUpRequests > 0) progress.say(`run: warmed up with ${warmUpRequests} requests (not counted)`);
  const { fastestSeconds = Number.POSITIVE_INFINITY } = first;
  return { ...first, fastestSeconds: Math.min(fastestSeconds, more.fastestSeconds ?? fastestSeconds) };
}

/** slbench notices within this time that a function has ended. */
const ENDING_MS = 500;

/** The error if the first request ended a function that slbench had started; undefined if it still runs. */
async function endedFunction(target: FunctionUnderTest): Promise<SlbenchError | undefined> {
  if (target.died === undefined) return undefined;
  const how = await Promise.race([target.died, sleep(ENDING_MS, undefined)]);
  if (how === undefined) return undefined;
  return functionDied(target, `(${how}) during its first request`, "start it by hand and send it a request");
}

function functionDied({ output }: FunctionUnderTest, how: string, next: string): SlbenchError {
  const printed = output?.();
  const seen =
    printed === undefined ? "see what it printed above; " : printed && `see its output: ${printed}; `;
  return new SlbenchError<ToolErrorCode>("RUN_FUNCTION_DIED", `the function ended by itself ${how}`, {
    hint: `${seen}${next}`,
    exitCode: 3,
  });
}

/** The first response may include a cold start: these tell how fast the function is, which a closed loop needs. */
const MORE_REQUESTS = 4;
/** If the first response takes longer, one more request is enough. */
const SLOW_SECONDS = 1;

/**
 * Sends two requests from each worker on another machine, through JMeter.
 * @returns the shortest round trip in seconds; undefined if all workers run here
 * @throws {SlbenchError} if a worker's response is not valid
 */
async function probeWorkers(
  context: Omit<RunContext, "folder" | "about">,
  spec: RequestSpec,
): Promise<number | undefined> {
  if (context.experiment.jmeter.remoteHosts.length === 0) return undefined;
  await context.fleet.revive(); // of a resumed run: workers may still run an earlier test
  const { workers, outcome } = await smokeTest(context);
  for (const { address, report, sample } of workers) {
    if (sample === undefined) {
      throw new SlbenchError<ToolErrorCode>(
        "RUN_PROBE_FAILED",
        `${address}: no sample of the first request came back`,
        {
          hint: `${outcome.problem ?? "the worker started no user"}; slbench doctor EXPERIMENT checks the workers`,
        },
      );
    }
    const probe = readProbe(spec, report, undefined, sample.responseData);
    if (!isValid(probe)) throw probeError(`${spec.url} (from ${address})`, probe, spec.timeoutSeconds);
    for (const line of describeProbe(probe)) context.progress.say(`run: ${address}: ${line}`);
  }
  return fastestRoundTrip(workers.flatMap(({ report }) => report?.requests ?? []));
}

async function coolDown(seconds: number, interrupted: AbortSignal, progress: Progress): Promise<void> {
  if (seconds === 0) return;
  progress.say(`run: cooling down for ${seconds} s`);
  await sleep(seconds * 1000, undefined, { signal: interrupted }).catch(() => {});
}

function describeCells(job: Job): string {
  const done = job.cells.filter(isDone).length;
  const all = `${job.cells.length} ${job.cells.length === 1 ? "cell" : "cells"}`;
  return job.resumed === undefined ? all : `${all}, ${done} of them done before`;
}
