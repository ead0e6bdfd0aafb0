import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Analysis,
  AnalyzerError,
  allRequestRows,
  analyze,
  type CellLoad,
  checkThresholds,
  describeWarning,
  type GeneratorLoad,
  type Log,
  type LogInput,
  parseThreshold,
  renderJunit,
  renderMarkdown,
  renderRequestsCsv,
  renderTable,
  renderThresholds,
  type Selection,
  type SkippedInput,
  type Summary,
  type Threshold,
  type ThresholdResult,
} from "@slbench/analyzer/logs";
import { ToolError } from "../errors.ts";
import { exists } from "../exists.ts";
import { type Content, checkContents, removeInside, writeInside } from "../output-file.ts";
import type { RunRecord } from "../results/result-folder.ts";
import { VERSION } from "../version.ts";
import { readWorkerClocks } from "../workers/worker-clocks.ts";
import { readLogFile } from "./labelled.ts";
import { ProgressNotifier } from "./progress-notifier.ts";

export interface FolderAnalysis {
  readonly analysis: Analysis;
  /** The experiment's thresholds and those asked for, held against the cells. */
  readonly thresholds: readonly ThresholdResult[];
  /** The table for a terminal. */
  readonly table: string;
  readonly reportFile: string;
  readonly summaryFile: string;
}

interface CellRecord {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly repetition: number;
  readonly load?: Partial<GeneratorLoad>;
  readonly workerLoads?: readonly GeneratorLoad[];
  readonly startLateness?: CellLoad["startLateness"];
  readonly clocks?: unknown;
  readonly workers?: readonly string[];
}

export const ANALYSIS_FILE = "analysis.json";

/** analysis.json: how the folder's summary and report were made, so that they can be made again. */
export interface AnalysisRecord {
  readonly schema: "slbench.analysis/2";
  readonly slbench: string;
  /** Those of the command line; the experiment's are in the experiment. */
  readonly thresholds: readonly string[];
}

/**
 * Analyses a result folder and writes summary.json, requests.csv and report.html into it.
 * @param into another folder to write them into
 * @throws {ToolError} FILE_NO_RESULT when it is none or holds no finished cell; FILE_LINK, FILE_SPECIAL, SYSTEM_…
 */
export async function analyzeResultFolder(
  folder: string,
  moreThresholds: readonly Threshold[] = [],
  into = folder,
): Promise<FolderAnalysis> {
  // Loaded only here: plots cost more than the reading of a million samples.
  const { renderReport, reportFigures, runTitle } = await import("@slbench/analyzer");
  const run = await readRun(folder);
  const thresholds = [...(await readThresholds(folder)), ...moreThresholds];
  const progressNotifier = new ProgressNotifier();
  const { inputs, skipped } = await readCells(folder, run, progressNotifier);
  const measured = analyze(inputs, {}, skipped);
  progressNotifier.at(() => "fitting the model and drawing the figures");
  const figures = reportFigures(measured);
  const summary = { ...measured.summary, warnings: [...measured.summary.warnings, ...figures.warnings] };
  const analysis = { ...measured, summary };
  const results = checkThresholds(summary.cells, thresholds);
  const title = runTitle(run);
  const write = (name: string, content: Content) => writeInside(into, name, content);
  // One of an earlier analysis would say what nobody asked for this time.
  await removeInside(into, "junit.xml");
  if (results.length > 0) await write("junit.xml", renderJunit(title, results));
  await write("summary.md", renderMarkdown(title, summary.cells, results, summary.skipped));
  await write("summary.json", `${JSON.stringify(summary, null, 2)}\n`);
  await write(
    "report.html",
    renderReport(measured, {
      run,
      inputs,
      thresholds,
      commands: [
        "# in the result folder",
        ...((await exists(join(folder, EXPERIMENT_FILE))) ? ["slbench run experiment.yaml"] : []),
        "slbench analyze .",
      ],
      figures,
    }),
  );
  progressNotifier.at(() => "writing requests.csv");
  await write("requests.csv", renderRequestsCsv(allRequestRows(analysis)));
  const record: AnalysisRecord = {
    schema: "slbench.analysis/2",
    slbench: VERSION,
    thresholds: moreThresholds.map(({ text }) => text),
  };
  await write(ANALYSIS_FILE, `${JSON.stringify(record, null, 2)}\n`);
  return {
    analysis,
    thresholds: results,
    table: renderTable(summary.cells),
    summaryFile: join(into, "summary.json"),
    reportFile: join(into, "report.html"),
  };
}

/** What a folder's last analysis left; undefined where it is not there, or cannot be read. */
export async function readAnalysisRecord(folder: string): Promise<AnalysisRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(join(folder, ANALYSIS_FILE), "utf8")) as AnalysisRecord;
    record.thresholds.forEach(parseThreshold);
    return record;
  } catch {
    return undefined;
  }
}

/** Analyses a result folder without writing anything. */
export async function readResultFolder(folder: string, selection: Selection = {}): Promise<Analysis> {
  const { inputs, skipped } = await readCells(folder, await readRun(folder));
  return analyze(inputs, selection, skipped);
}

/** Analyses a result folder, prints its table, its doubts and where the report lies; exit code 3 where data are missing. */
export async function reportResult(
  folder: string,
  moreThresholds: readonly Threshold[] = [],
): Promise<FolderAnalysis> {
  const result = await analyzeResultFolder(folder, moreThresholds);
  process.stdout.write(`\n${result.table}\n`);
  printWarnings(result.analysis.summary);
  if (!result.analysis.summary.complete) process.exitCode = 3;
  if (result.thresholds.length > 0) process.stdout.write(`${renderThresholds(result.thresholds)}\n`);
  process.stdout.write(`Report: ${result.reportFile}\n`);
  return result;
}

/** Exit code 4 where a threshold fails, unless the data are incomplete, which says more. */
export function judgeThresholds(results: readonly ThresholdResult[]): void {
  if (results.some(({ passed }) => !passed)) process.exitCode ??= 4;
}

const EXPERIMENT_FILE = "experiment.yaml";

/** Those of the experiment as it was run; none where the folder keeps no experiment. */
async function readThresholds(folder: string): Promise<readonly Threshold[]> {
  const file = join(folder, EXPERIMENT_FILE);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return [];
  // Loaded only here: YAML and its schema are a quarter of what reading a log needs in memory.
  const { parseExperiment } = await import("@slbench/jmeter-plans");
  return parseExperiment(text, file).thresholds.map(parseThreshold);
}

/** Warnings and skipped input, on standard error; a hint stands once, below all warnings that share it. */
export function printWarnings({ warnings, skipped, complete }: Summary): void {
  const byHint = new Map<string, string[]>();
  for (const { code, hint, ...warning } of warnings) {
    const line = `Warning ${code}: ${describeWarning(warning)}`;
    const lines = byHint.get(hint);
    if (lines === undefined) byHint.set(hint, [line]);
    else lines.push(line);
  }
  for (const [hint, lines] of byHint) process.stderr.write(`${lines.join("\n")}\n  ${hint}\n`);
  for (const { source, position, reason } of skipped)
    process.stderr.write(`Skipped: ${source}, ${position}: ${reason}\n`);
  if (!complete) process.stderr.write("The input is incomplete: the figures are of what is left of it\n");
}

/** Whether a path is a folder that `slbench run` wrote. */
export function isResultFolder(path: string): Promise<boolean> {
  return exists(join(path, "run.json"));
}

async function readRun(folder: string): Promise<Partial<RunRecord>> {
  await checkContents(folder);
  try {
    return JSON.parse(await readFile(join(folder, "run.json"), "utf8")) as Partial<RunRecord>;
  } catch (cause) {
    throw noResult(`${folder} holds no readable run.json`, cause);
  }
}

interface Cells {
  readonly inputs: readonly LogInput[];
  /** Cells that are in run.json or have a folder, and nothing that was measured. */
  readonly skipped: readonly SkippedInput[];
}

/** Every cell with all that is known of it: the XML log holds the reports, the CSV log and the journals what that lost. */
async function readCells(
  folder: string,
  run: Partial<RunRecord>,
  progressNotifier = new ProgressNotifier(),
): Promise<Cells> {
  const withFunction = run.function?.local === true;
  const names = (await readdir(join(folder, "cells")).catch(() => [])).sort();
  const inputs: LogInput[] = [];
  const missing = new Map((run.cells ?? []).map(({ name, state }) => [name, state as string]));
  for (const [index, name] of names.entries()) {
    progressNotifier.at(() => `read ${index} of ${names.length} cells`);
    const cellFolder = join(folder, "cells", name);
    const record = await readFile(join(cellFolder, "cell.json"), "utf8").catch(() => undefined);
    if (record === undefined) continue; // not begun; missing only where it is in run.json
    const cell = readCellRecord(record);
    if (cell === undefined) {
      missing.set(name, TORN);
      continue;
    }
    const { users, thinkTimeSeconds, repetition, load, workerLoads, startLateness, workers } = cell;
    const clocks = readWorkerClocks(cell.clocks);
    const cpuBusyRatio = load?.cpuBusyRatio;
    const recovered = await readFile(join(cellFolder, "recovered.jsonl"), "utf8").catch(() => "");
    const logs: { file: string; log: Log }[] = [];
    for (const file of ["samples.xml", "samples.csv"]) {
      const log = await readIfWritten(join(cellFolder, file));
      if (log !== undefined) logs.push({ file, log });
    }
    const [log, second] = logs;
    const journals = await readJournals(join(cellFolder, "journals"));
    if (log === undefined && recovered.trim() === "" && journals.length === 0) {
      missing.set(name, missing.get(name) ?? "measured");
      continue;
    }
    missing.delete(name);
    inputs.push({
      users,
      thinkTimeSeconds,
      repetition,
      source: join("cells", name, log?.file ?? "recovered.jsonl"),
      ...(log !== undefined && { log: log.log }),
      ...(second !== undefined && { secondLog: second.log }),
      journals,
      recovered,
      plannedClients: users,
      ...(clocks !== undefined && { clocks }),
      ...(workers !== undefined && { workers }),
      ...(cpuBusyRatio !== undefined && {
        load: {
          ...{ cpuBusyRatio, withFunction },
          ...(load?.aboveLimitRatio !== undefined && { aboveLimitRatio: load.aboveLimitRatio }),
          ...(workerLoads !== undefined && { workers: workerLoads }),
          ...(startLateness !== undefined && { startLateness }),
        },
      }),
    });
  }
  if (inputs.length === 0) throw noResult(`${folder} holds no cell with samples`);
  const skipped = [...missing].sort().map(([name, state]) => ({
    source: join("cells", name),
    position: "the whole cell",
    reason: whyMissing(state),
  }));
  return { inputs, skipped };
}

/** Not a state of a cell: its cell.json cannot be read. */
const TORN = "torn";

function whyMissing(state: string): string {
  if (state === TORN) return "its cell.json is torn, so nobody knows what its samples are of: put it back";
  if (isAwaited(state)) return `recorded as ${state}: slbench run --resume goes on with it`;
  return `recorded as ${state}, but its cell.json or all of its samples, journals and recovered reports are gone: put its files back, or measure it again`;
}

function readCellRecord(text: string): CellRecord | undefined {
  try {
    return JSON.parse(text) as CellRecord;
  } catch {
    return undefined;
  }
}

const isAwaited = (state: string): boolean => state !== "complete" && state !== "measured";

/** Absent where there is no such log or it is empty. */
async function readIfWritten(path: string): Promise<Log | undefined> {
  try {
    return await readLogFile(path);
  } catch (error) {
    const isMissing = error instanceof ToolError && error.code === "FILE_UNREADABLE";
    if (!isMissing && !(error instanceof AnalyzerError && error.code === "JTL_EMPTY")) throw error;
    return undefined;
  }
}

async function readJournals(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".jsonl")).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}

function noResult(message: string, cause?: unknown): ToolError {
  return new ToolError("FILE_NO_RESULT", message, {
    hint: "name a folder that slbench run wrote, or JTL files with --cell users=…,think=…,path=…",
    exitCode: 2,
    cause,
  });
}
