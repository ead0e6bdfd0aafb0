import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type Analysis,
  analyze,
  type CellLoad,
  type FunctionCpuTime,
  type GeneratorLoad,
  type Log,
  type LogInput,
  type ReplicaLog,
  type ReplicaUse,
  type Selection,
  type SkippedInput,
  SlbenchError,
} from "@slbench/analyzer/logs";
import { parseReplicas } from "../environment/replica-log.ts";
import type { ToolErrorCode } from "../errors.ts";
import { exists } from "../files/exists.ts";
import { checkContents } from "../files/output-file.ts";
import { parseCellRecord, parseRunRecord } from "../results/check-record.ts";
import type { RunCell, RunRecord } from "../results/result-folder.ts";
import { readWorkerClocks } from "../results/worker-clocks.ts";
import { readLogFile } from "./labelled.ts";
import { ProgressNotifier } from "./progress-notifier.ts";

/** What the analysis reads of a cell.json. */
export interface CellRecord extends Omit<RunCell, "name" | "state"> {
  readonly state?: string;
  /** Of this machine; its `workers` are those that ran on it. */
  readonly load?: Partial<GeneratorLoad> & { readonly workers?: readonly string[] };
  readonly workerLoads?: readonly GeneratorLoad[];
  readonly functionCpu?: FunctionCpuTime;
  readonly startLateness?: CellLoad["startLateness"];
  readonly clocks?: unknown;
  readonly replicas?: ReplicaUse;
  readonly workers?: readonly string[];
}

/** Analyses a result folder without writing anything. */
export async function readResultFolder(folder: string, selection: Selection = {}): Promise<Analysis> {
  const { inputs, skipped } = await readCells(folder);
  return analyze(inputs, selection, skipped);
}

/** Whether a path is a folder that `slbench run` wrote. */
export function isResultFolder(path: string): Promise<boolean> {
  return exists(join(path, "run.json"));
}

/** @throws {SlbenchError} FILE_NO_RESULT @param hint what to name instead */
export async function requireResultFolder(path: string, hint = NO_RESULT_HINT): Promise<void> {
  if (await isResultFolder(path)) return;
  const found = await stat(path).catch(() => undefined);
  const why = found === undefined ? "does not exist" : "is not a result folder";
  throw new SlbenchError<ToolErrorCode>("FILE_NO_RESULT", `${path} ${why}`, { hint, exitCode: 2 });
}

/** A folder's run.json. @throws {SlbenchError} FILE_NO_RESULT, FILE_LINK, FILE_SPECIAL */
export async function readRun(folder: string): Promise<Partial<RunRecord>> {
  await requireResultFolder(folder);
  await checkContents(folder);
  const file = join(folder, "run.json");
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw noResult(`${folder} contains no readable run.json`, cause);
  });
  return parseRunRecord<RunRecord>(text, file, NO_RESULT_HINT);
}

/** A result folder's run.json and the inputs of its cells. */
export interface ResultInputs {
  readonly run: Partial<RunRecord>;
  readonly inputs: readonly LogInput[];
  /** Cells in run.json or with a folder, but without measurements. */
  readonly skipped: readonly SkippedInput[];
}

/**
 * Reads all sources of every cell: the XML log has the reports; CSV log and journals fill its gaps.
 * @throws {SlbenchError} FILE_NO_RESULT, FILE_LINK, FILE_SPECIAL
 */
export async function readCells(
  folder: string,
  progressNotifier = new ProgressNotifier(),
): Promise<ResultInputs> {
  const run = await readRun(folder);
  const names = (await readdir(join(folder, "cells")).catch(() => [])).sort();
  const inputs: LogInput[] = [];
  const missing = new Map((run.cells ?? []).map(({ name, state }) => [name, whyMissing(state)]));
  const faults: string[] = [];
  for (const [index, name] of names.entries()) {
    progressNotifier.at(() => `read ${index} of ${names.length} cells`);
    const cellFolder = join(folder, "cells", name);
    const text = await readFile(join(cellFolder, "cell.json"), "utf8").catch(() => undefined);
    if (text === undefined) continue; // not begun; counts as missing only if run.json lists it
    const record = parseCellRecord<CellRecord>(text);
    if (typeof record === "string") {
      faults.push(`${join("cells", name, "cell.json")}: ${record}`);
      missing.set(name, `cell.json: ${record}; the condition of its samples is unknown: restore the file`);
      continue;
    }
    if (record.state === "ended-early") {
      missing.delete(name); // a part of a run, which a search ended: no measurement
      continue;
    }
    const input = await readCell(cellFolder, name, record, run);
    if (input === undefined) missing.set(name, missing.get(name) ?? whyMissing("measured"));
    else {
      missing.delete(name);
      inputs.push(input);
    }
  }
  if (inputs.length === 0) {
    const why = faults[0] === undefined ? "" : `: ${faults[0]}`;
    throw noResult(`${folder} contains no cell with samples${why}`);
  }
  const skipped = [...missing]
    .sort()
    .map(([name, reason]) => ({ source: join("cells", name), position: "the whole cell", reason }));
  return { run, inputs, skipped };
}

/** All that was measured in a cell; undefined if nothing was. */
export async function readCell(
  cellFolder: string,
  name: string,
  record: CellRecord,
  run: Partial<RunRecord>,
): Promise<LogInput | undefined> {
  const { users, thinkTimeSeconds, thinkTime, ratePerSecond, process, replicaCount, repetition, workers } =
    record;
  const recovered = await readFile(join(cellFolder, "recovered.jsonl"), "utf8").catch(() => "");
  const logs: { file: string; log: Log }[] = [];
  for (const file of ["samples.xml", "samples.csv"]) {
    const log = await readIfWritten(join(cellFolder, file));
    if (log !== undefined) logs.push({ file, log });
  }
  const [first, second] = logs;
  const journals = await readJournals(join(cellFolder, "journals"));
  if (first === undefined && recovered.trim() === "" && journals.length === 0) return undefined;
  const clocks = readWorkerClocks(record.clocks);
  const load = cellLoad(record, isOnThisMachine(run.function));
  const replicas = await readReplicas(cellFolder, record.replicas);
  return {
    ...{ users, thinkTimeSeconds, repetition, journals, recovered, plannedClients: users },
    ...(thinkTime !== undefined && { thinkTime }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(process !== undefined && { process }),
    ...(replicaCount !== undefined && { replicaCount }),
    source: join("cells", name, first?.file ?? "recovered.jsonl"),
    ...(first !== undefined && { log: first.log }),
    ...(second !== undefined && { secondLog: second.log }),
    ...(clocks !== undefined && { clocks }),
    ...(workers !== undefined && { workers }),
    ...(load !== undefined && { load }),
    ...(record.functionCpu !== undefined && { functionCpu: record.functionCpu }),
    ...(replicas !== undefined && { replicas }),
  };
}

/** What the autoscaler did; without changes if replicas.csv is missing. */
async function readReplicas(
  cellFolder: string,
  use: ReplicaUse | undefined,
): Promise<ReplicaLog | undefined> {
  if (use === undefined) return undefined;
  const text = await readFile(join(cellFolder, "replicas.csv"), "utf8").catch(() => "");
  return { ...use, changes: parseReplicas(text) };
}

/** Started by slbench, or at a loopback address: function and clients share the processors. */
function isOnThisMachine(target: RunRecord["function"] | undefined): boolean {
  if (target === undefined) return false;
  const host = URL.canParse(target.url) ? new URL(target.url).hostname : "";
  return target.local || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}

function cellLoad(
  { load, workerLoads = [], startLateness, workers = [] }: CellRecord,
  withFunction: boolean,
): CellLoad | undefined {
  if (load?.cpuBusyRatio === undefined) return undefined;
  const { workers: workersHere, cpuBusyRatio, ...figures } = load;
  const measured = [...(workersHere ?? workers), ...workerLoads.map(({ worker }) => worker)];
  const unmeasuredWorkers = workers.filter((worker) => !measured.includes(worker));
  return {
    ...{ ...figures, cpuBusyRatio, withFunction, workers: workerLoads },
    ...(unmeasuredWorkers.length > 0 && { unmeasuredWorkers }),
    ...(startLateness !== undefined && { startLateness }),
  };
}

function whyMissing(state: string): string {
  if (isAwaited(state)) return `recorded as ${state}: slbench run --resume continues it`;
  return `recorded as ${state}, but its cell.json or all its samples, journals and recovered reports are missing: restore the files, or measure the cell again`;
}

const isAwaited = (state: string): boolean => state !== "complete" && state !== "measured";

/** Undefined if the log is missing, or empty but for its header. */
async function readIfWritten(path: string): Promise<Log | undefined> {
  try {
    return await readLogFile(path);
  } catch (error) {
    const code = error instanceof SlbenchError ? error.code : undefined;
    if (!NOTHING_MEASURED.some((one) => one === code)) throw error;
    return undefined;
  }
}

const NOTHING_MEASURED = ["FILE_UNREADABLE", "JTL_EMPTY", "JTL_NO_SAMPLES"];

async function readJournals(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".jsonl")).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}

const NO_RESULT_HINT =
  "name a folder that slbench run wrote, or JTL files with --cell users=…,think=…,path=…";

function noResult(message: string, cause?: unknown): SlbenchError {
  return new SlbenchError<ToolErrorCode>("FILE_NO_RESULT", message, {
    hint: NO_RESULT_HINT,
    exitCode: 2,
    cause,
  });
}
