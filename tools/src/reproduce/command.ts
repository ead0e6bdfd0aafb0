import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type Analysis, type ModelCell, type Transfer, toModelCells, transferCurve } from "@slbench/analyzer";
import type { Experiment } from "@slbench/jmeter-plans";
import { readResultFolder } from "../analyze/read-result.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { RESULT_FOLDER } from "../pack/pack.ts";
import { DEFAULT_LIMITS } from "../pack/unpack-limits.ts";
import { withUnpacked } from "../pack/with-unpacked.ts";
import { planCells, readJob } from "../results/job.ts";
import { writeJson } from "../results/result-folder.ts";
import type { Progress } from "../run/progress.ts";
import { rejectedError } from "../run/rejected.ts";
import { inPlannedOrder } from "../run/run-cells.ts";
import { measureJob } from "../run/run-experiment.ts";
import { renderTransfer } from "./render-transfer.ts";

export interface ReproduceOptions {
  /** The experiment on this machine; default: the archive's. */
  readonly experiment?: string;
  readonly users?: readonly number[];
  readonly repetitions: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** What `slbench reproduce` writes into its result folder. */
export const REPRODUCE_FILE = "reproduce.json";

/**
 * `slbench reproduce`: measures few cells of an archive's experiment on this machine, and carries the archive's curve
 * over by them.
 */
export async function runReproduce(
  source: string,
  options: ReproduceOptions,
  progress: Progress,
): Promise<void> {
  const isFolder = (await stat(source).catch(() => undefined))?.isDirectory() === true;
  if (isFolder) return reproduce(source, options, progress);
  await withUnpacked(source, DEFAULT_LIMITS, (folder) =>
    reproduce(join(folder, RESULT_FOLDER), options, progress),
  );
}

async function reproduce(folder: string, options: ReproduceOptions, progress: Progress): Promise<void> {
  const there = await readResultFolder(folder);
  const thereCells = toModelCells([there]);
  const job = await readJob({ experimentFile: options.experiment ?? join(folder, "experiment.yaml") });
  const experiment = fewCells(job.experiment, thereCells, options);
  const cells = planCells(experiment);
  const result = await measureJob({ ...job, experiment, cells }, options.out, inPlannedOrder(), progress);
  if (result.rejected !== undefined) throw rejectedError(result.rejected, result.folder);
  if (!result.complete) process.exitCode = 3;
  const here = await readResultFolder(result.folder);
  const transfer = transferCurve(thereCells, toModelCells([here]), {
    limitSeconds: experiment.function.timeoutSeconds,
  });
  const record = { schema: "slbench.reproduction/1", ...transfer };
  await writeJson(join(result.folder, REPRODUCE_FILE), record);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(record, undefined, 2)}\n`
      : renderTransfer(transfer, measuredMeans(there), result.folder),
  );
}

/** One user, and half of the most users: the first shows the demand, the second how it is shared. */
function fewCells(
  experiment: Experiment,
  there: readonly ModelCell[],
  { users, repetitions }: ReproduceOptions,
): Experiment {
  const most = Math.max(...there.map((cell) => cell.users));
  const thinkTimeSeconds = Math.min(...there.map((cell) => cell.thinkTimeSeconds));
  if (!Number.isFinite(most) || experiment.load.arrivals !== undefined) {
    throw new SlbenchError<ToolErrorCode>("REPRODUCE_NO_CELLS", "the result has no cell with virtual users", {
      hint: "name a result of slbench run with load.users; open loops are not carried over",
      exitCode: 2,
    });
  }
  const wanted = users ?? [...new Set([1, Math.max(1, Math.round(most / 2))])];
  return {
    ...experiment,
    load: { ...experiment.load, users: [...wanted], thinkTimeSeconds: [thinkTimeSeconds], repetitions },
  };
}

/** The mean round trip of each condition there, s. */
const measuredMeans = ({ summary }: Analysis): Transfer["cells"] =>
  summary.cells.flatMap(({ users, thinkTimeSeconds, roundTripSeconds: { mean: meanSeconds } }) =>
    meanSeconds === undefined ? [] : [{ users, thinkTimeSeconds, meanSeconds, demandRatio: 1 }],
  );
