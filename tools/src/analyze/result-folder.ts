import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  type Analysis,
  AnalyzerError,
  allFrameRows,
  analyze,
  checkThresholds,
  type Log,
  type LogInput,
  parseThreshold,
  renderFramesCsv,
  renderJunit,
  renderMarkdown,
  renderTable,
  renderThresholds,
  type Selection,
  type Summary,
  type Threshold,
  type ThresholdResult,
} from "@slbench/analyzer/logs";
import { ToolError } from "../errors.ts";
import type { RunRecord } from "../run/result-folder.ts";
import { readLogFile } from "./labelled.ts";
import { Patience } from "./patience.ts";

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
  readonly load?: { readonly cpuBusyRatio?: number };
}

/**
 * Analyses a result folder and writes summary.json, frames.csv and report.html into it.
 * @throws {ToolError} FILE_NO_RESULT when it is none or holds no finished cell
 */
export async function analyzeResultFolder(
  folder: string,
  moreThresholds: readonly Threshold[] = [],
): Promise<FolderAnalysis> {
  // Loaded only here: plots cost more than the reading of a million samples.
  const [{ renderHtml, servingLimits }, { reportFigures, timeLimit }] = await Promise.all([
    import("@slbench/analyzer"),
    import("./figures.ts"),
  ]);
  const run = await readRun(folder);
  const thresholds = [...(await readThresholds(folder)), ...moreThresholds];
  const patience = new Patience();
  const analysis = analyze(await readCells(folder, run, patience));
  const results = checkThresholds(analysis.summary.cells, thresholds);
  if (results.length > 0) await writeFile(join(folder, "junit.xml"), renderJunit(basename(folder), results));
  await writeFile(
    join(folder, "summary.md"),
    renderMarkdown(basename(folder), analysis.summary.cells, results),
  );
  patience.at(() => "writing frames.csv");
  await writeFile(join(folder, "frames.csv"), renderFramesCsv(allFrameRows(analysis)));
  const summaryFile = join(folder, "summary.json");
  const reportFile = join(folder, "report.html");
  patience.at(() => "fitting the model and drawing the figures");
  await writeFile(summaryFile, `${JSON.stringify(analysis.summary, null, 2)}\n`);
  await writeFile(
    reportFile,
    renderHtml(analysis.summary, {
      title: basename(folder),
      limits: servingLimits(thresholds, timeLimit(analysis)),
      thresholds: results,
      facts: facts(run),
      methods: methods(run, analysis),
      commands: [
        `slbench run ${run.experimentFile === undefined ? "experiment.yaml" : basename(run.experimentFile)}`,
        `slbench analyze ${basename(folder)}`,
      ],
      figures: reportFigures(analysis),
    }),
  );
  return {
    analysis,
    thresholds: results,
    table: renderTable(analysis.summary.cells),
    summaryFile,
    reportFile,
  };
}

/** Analyses a result folder without writing anything. */
export async function readResultFolder(folder: string, selection: Selection = {}): Promise<Analysis> {
  return analyze(await readCells(folder, await readRun(folder)), selection);
}

/** Analyses a result folder, prints its table, its doubts and where the report lies. */
export async function reportResult(
  folder: string,
  moreThresholds: readonly Threshold[] = [],
): Promise<FolderAnalysis> {
  const result = await analyzeResultFolder(folder, moreThresholds);
  process.stdout.write(`\n${result.table}\n`);
  printDoubts(result.analysis.summary);
  if (result.thresholds.length > 0) process.stdout.write(`${renderThresholds(result.thresholds)}\n`);
  process.stdout.write(`Report: ${result.reportFile}\n`);
  return result;
}

/** Exit code 4 where a threshold fails, unless the data are incomplete, which says more. */
export function judgeThresholds(results: readonly ThresholdResult[]): void {
  if (results.some(({ passed }) => !passed)) process.exitCode ??= 4;
}

/** Those of the experiment as it was run; none where the folder keeps no experiment. */
async function readThresholds(folder: string): Promise<readonly Threshold[]> {
  const file = join(folder, "experiment.yaml");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return [];
  // Loaded only here: YAML and its schema are a quarter of what reading a log needs in memory.
  const { parseExperiment } = await import("@slbench/jmeter-plans");
  return parseExperiment(text, file).thresholds.map(parseThreshold);
}

/** Warnings and losses, on standard error; a hint stands once, below all warnings that share it. */
export function printDoubts({ warnings, lost, complete }: Summary): void {
  const byHint = new Map<string, string[]>();
  for (const { code, message, hint } of warnings) {
    const lines = byHint.get(hint);
    if (lines === undefined) byHint.set(hint, [`Warning ${code}: ${message}`]);
    else lines.push(`Warning ${code}: ${message}`);
  }
  for (const [hint, lines] of byHint) process.stderr.write(`${lines.join("\n")}\n  ${hint}\n`);
  for (const { source, place, reason } of lost)
    process.stderr.write(`Lost: ${source}, ${place}: ${reason}\n`);
  if (!complete) process.stderr.write("The input is incomplete: the figures are of what is left of it\n");
}

/** Whether a path is a folder that `slbench run` wrote. */
export async function isResultFolder(path: string): Promise<boolean> {
  return access(join(path, "run.json")).then(
    () => true,
    () => false,
  );
}

async function readRun(folder: string): Promise<Partial<RunRecord>> {
  try {
    return JSON.parse(await readFile(join(folder, "run.json"), "utf8")) as Partial<RunRecord>;
  } catch (cause) {
    throw noResult(`${folder} holds no readable run.json`, cause);
  }
}

/** Every cell with all that is known of it: the XML log holds the reports, the CSV log and the journals what that lost. */
async function readCells(
  folder: string,
  run: Partial<RunRecord>,
  patience = new Patience(),
): Promise<readonly LogInput[]> {
  const withFunction = run.function?.local === true;
  const names = (await readdir(join(folder, "cells")).catch(() => [])).sort();
  const inputs: LogInput[] = [];
  for (const [index, name] of names.entries()) {
    patience.at(() => `read ${index} of ${names.length} cells`);
    const cellFolder = join(folder, "cells", name);
    const record = await readFile(join(cellFolder, "cell.json"), "utf8").catch(() => undefined);
    if (record === undefined) continue; // not begun
    const { users, thinkTimeSeconds, repetition, load } = JSON.parse(record) as CellRecord;
    const cpuBusyRatio = load?.cpuBusyRatio;
    const recovered = await readFile(join(cellFolder, "recovered.jsonl"), "utf8").catch(() => "");
    const logs: { file: string; log: Log }[] = [];
    for (const file of ["samples.xml", "samples.csv"]) {
      const log = await readIfWritten(join(cellFolder, file));
      if (log !== undefined) logs.push({ file, log });
    }
    const [log, second] = logs;
    const journals = await readJournals(join(cellFolder, "journals"));
    if (log === undefined && recovered.trim() === "" && journals.length === 0) continue;
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
      ...(cpuBusyRatio !== undefined && { load: { cpuBusyRatio, withFunction } }),
    });
  }
  if (inputs.length === 0) throw noResult(`${folder} holds no cell with samples`);
  return inputs;
}

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

/** A paragraph for a paper: what was done, with what, and how the figures are defined. */
function methods(run: Partial<RunRecord>, { summary }: Analysis): string {
  const { cells } = summary;
  const list = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b).join(", ");
  const clients = cells.reduce((sum, cell) => sum + cell.clients, 0);
  const frames = cells.reduce((sum, cell) => sum + cell.frames.sent, 0);
  const [host] = run.hosts ?? [];
  const machine = host === undefined ? "" : ` on ${host.cores} cores (${host.processor}, ${host.system})`;
  const versions =
    run.versions === undefined
      ? ""
      : `, Apache JMeter ${run.versions.jmeter} in distributed mode (Java ${run.versions.java})`;
  return [
    `The function at ${run.function?.url ?? "the gateway"} (backend ${summary.backends.join(", ") || "not told"}) was measured with slbench ${run.versions?.slbench ?? ""}${versions}${machine}.`,
    `Each of ${list(cells.map((cell) => cell.users))} virtual users sent ${run.framesPerClient ?? "its"} frames, with think times of ${list(cells.map((cell) => cell.thinkTimeSeconds))} s; ${clients} clients sent ${frames} frames in all.`,
    "The success rate is the mean over clients of answered to sent frames; mean round trips include failed frames; quantiles are of type 7 (Hyndman and Fan 1996); intervals hold 95 %.",
  ].join(" ");
}

function facts(run: Partial<RunRecord>): readonly (readonly [string, string])[] {
  const all: readonly (readonly [string, unknown])[] = [
    ["Experiment", run.experiment],
    ["State", run.state],
    ["Started", run.started],
    ["Ended", run.ended],
    ["Function", run.function?.url],
    ["Backend", run.backend],
    ["Frames per client", run.framesPerClient],
    ["Order of cells", run.order],
    ["Seed", run.seed],
    ...Object.entries(run.versions ?? {}),
    ["Hosts", run.hosts === undefined ? undefined : JSON.stringify(run.hosts)],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
}
