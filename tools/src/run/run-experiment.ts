import { join, resolve } from "node:path";
import type { RequestSpec } from "@slbench/client/request-spec";
import { type FunctionUnderTest, openFunction } from "../environment/function.ts";
import { type Prepared, prepare } from "../environment/prepare.ts";
import { makeRequestSpec, REQUEST_FILE, renderRequestSpec } from "../environment/request-file.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { writeInside } from "../files/output-file.ts";
import { shellWord } from "../help/shell-word.ts";
import { type Guard, startGuard } from "../process/guard.ts";
import { type Interrupt, interruptedError, listenForInterrupt } from "../process/interrupt.ts";
import { progressOutput } from "../progress-output.ts";
import { claimFolder } from "../results/claim.ts";
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
import { stderrLog } from "../setup/steps.ts";
import { collectJournals, describeCollected } from "../workers/collect-journals.ts";
import { collectResponses, describeResponses } from "../workers/collect-responses.ts";
import { describeOpening, openFleet } from "../workers/open-fleet.ts";
import { readWorkerShells } from "../workers/worker-shell.ts";
import type { RunContext } from "./context.ts";
import { probeWorkers, scaleFunction, warmUp } from "./first-requests.ts";
import { preflight } from "./preflight.ts";
import { createProgress, type Progress } from "./progress.ts";
import type { RejectedCell } from "./rejected.ts";
import { resumableError } from "./resumable.ts";
import { type CellPlan, inPlannedOrder, runCells, showPlan } from "./run-cells.ts";

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
  if (options.resume !== undefined) await takeUp(resolve(options.resume));
  const job = await readJob(options);
  if (job.resumed?.record.find !== undefined) {
    throw new SlbenchError<ToolErrorCode>("USAGE_RESUME", `${options.resume} is a search by slbench find`, {
      hint: `slbench find --resume ${shellWord(options.resume ?? "")}`,
      exitCode: 2,
    });
  }
  return measureJob(job, options.out, inPlannedOrder(), progress);
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

/**
 * Claims the folder of a run to continue, and fetches what was left on workers: cells that run again move to torn/ with
 * all their data.
 * @throws {SlbenchError} RUN_FOLDER_BUSY, FILE_NO_RESULT
 */
export async function takeUp(folder: string): Promise<void> {
  const { experiment } = await readRunRecord(folder);
  await claimFolder(folder, (line) => process.stderr.write(`${line}\n`));
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
    await claimFolder(folder, (line) => progress.warn(line));
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
  progress.say(`run: ${describeOpening(experiment)} …`);
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
    if (!interrupt.signal.aborted) progress.measured();
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
    `slbench run --resume ${shellWord(folder)} continues; slbench analyze ${shellWord(folder)} shows the results so far`,
  );
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

function describeCells(job: Job): string {
  const done = job.cells.filter(isDone).length;
  const all = `${job.cells.length} ${job.cells.length === 1 ? "cell" : "cells"}`;
  return job.resumed === undefined ? all : `${all}, ${done} of them done before`;
}
