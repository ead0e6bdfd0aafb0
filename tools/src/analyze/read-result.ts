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
  /** Results of the experiment's thresholds and the requested ones. */
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

/** analysis.json: how the folder's outputs were made, so that verify can reproduce them. */
export interface AnalysisRecord {
  readonly schema: "slbench.analysis/2";
  readonly slbench: string;
  /** Thresholds of the command line; the others are in the experiment. */
  readonly thresholds: readonly string[];
}

/**
 * Analyses a result folder and writes summary.json, requests.csv and report.html into it.
 * @param into another folder for the outputs
 * @throws {ToolError} FILE_NO_RESULT if it is not a result folder or has no finished cell; FILE_LINK, FILE_SPECIAL, SYSTEM_…
 */
export async function analyzeResultFolder(
  folder: string,
  moreThresholds: readonly Threshold[] = [],
  into = folder,
): Promise<FolderAnalysis> {
  // Loaded only here, because the plot modules take longer to load than a million samples to read.
  const { renderReport, reportFigures, runTitle } = await import("@slbench/analyzer");
  const run = await readRun(folder);
  const thresholds = [...(await readThresholds(folder)), ...moreThresholds];
  const progressNotifier = new ProgressNotifier();
  const { inputs, lost } = await readCells(folder, run, progressNotifier);
  const measured = analyze(inputs, {}, lost);
  progressNotifier.at(() => "fitting the model and drawing the figures");
  const figures = reportFigures(measured);
  const summary = { ...measured.summary, warnings: [...measured.summary.warnings, ...figures.warnings] };
  const analysis = { ...measured, summary };
  const results = checkThresholds(summary.cells, thresholds);
  const title = runTitle(run);
  const write = (name: string, content: Content) => writeInside(into, name, content);
  // A junit.xml of an earlier analysis would be out of date.
  await removeInside(into, "junit.xml");
  if (results.length > 0) await write("junit.xml", renderJunit(title, results));
  await write("summary.md", renderMarkdown(title, summary.cells, results, summary.lost));
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

/** The record of a folder's last analysis; undefined if missing or unreadable. */
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
  const { inputs, lost } = await readCells(folder, await readRun(folder));
  return analyze(inputs, selection, lost);
}

/** Analyses a result folder and prints table, warnings and report path; sets exit code 3 if data are missing. */
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

/** Sets exit code 4 if a threshold fails, unless incomplete data set another code already. */
export function judgeThresholds(results: readonly ThresholdResult[]): void {
  if (results.some(({ passed }) => !passed)) process.exitCode ??= 4;
}

const EXPERIMENT_FILE = "experiment.yaml";

/** Thresholds of the experiment; empty if the folder has no experiment file. */
async function readThresholds(folder: string): Promise<readonly Threshold[]> {
  const file = join(folder, EXPERIMENT_FILE);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return [];
  // Loaded only here, because YAML and the schema need a quarter of the memory of reading a log.
  const { parseExperiment } = await import("@slbench/jmeter-plans");
  return parseExperiment(text, file).thresholds.map(parseThreshold);
}

/** Prints warnings and skipped input to standard error; warnings with the same hint share one line of it. */
export function printWarnings({ warnings, lost, complete }: Summary): void {
  const byHint = new Map<string, string[]>();
  for (const { code, hint, ...warning } of warnings) {
    const line = `Warning ${code}: ${describeWarning(warning)}`;
    const lines = byHint.get(hint);
    if (lines === undefined) byHint.set(hint, [line]);
    else lines.push(line);
  }
  for (const [hint, lines] of byHint) process.stderr.write(`${lines.join("\n")}\n  ${hint}\n`);
  for (const { source, place, reason } of lost)
    process.stderr.write(`Skipped: ${source}, ${place}: ${reason}\n`);
  if (!complete) process.stderr.write("The input is incomplete: the figures cover only what could be read\n");
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
    throw noResult(`${folder} contains no readable run.json`, cause);
  }
}

interface Cells {
  readonly inputs: readonly LogInput[];
  /** Cells in run.json or with a folder, but without measurements. */
  readonly lost: readonly SkippedInput[];
}

/** Reads all sources of every cell: the XML log has the reports; CSV log and journals fill its gaps. */
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
    if (record === undefined) continue; // not begun; counts as missing only if run.json lists it
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
  if (inputs.length === 0) throw noResult(`${folder} contains no cell with samples`);
  const lost = [...missing].sort().map(([name, state]) => ({
    source: join("cells", name),
    place: "the whole cell",
    reason: whyMissing(state),
  }));
  return { inputs, lost };
}

/** Not a recorded state: cell.json cannot be read. */
const TORN = "torn";

function whyMissing(state: string): string {
  if (state === TORN)
    return "its cell.json is damaged, so the condition of its samples is unknown: restore the file";
  if (isAwaited(state)) return `recorded as ${state}: slbench run --resume continues it`;
  return `recorded as ${state}, but its cell.json or all its samples, journals and recovered reports are missing: restore the files, or measure the cell again`;
}

function readCellRecord(text: string): CellRecord | undefined {
  try {
    return JSON.parse(text) as CellRecord;
  } catch {
    return undefined;
  }
}

const isAwaited = (state: string): boolean => state !== "complete" && state !== "measured";

/** Undefined if the log is missing or empty. */
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
