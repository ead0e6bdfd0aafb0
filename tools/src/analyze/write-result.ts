import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ReportFigure, SearchReport } from "@slbench/analyzer";
import {
  type Analysis,
  allRequestRows,
  analyze,
  checkThresholds,
  parseThreshold,
  renderJunit,
  renderMarkdown,
  renderRequestsCsv,
  renderTable,
  runsOfAnalysis,
  type Threshold,
  type ThresholdResult,
} from "@slbench/analyzer/logs";
import { exists } from "../files/exists.ts";
import { type Content, removeInside, writeInside } from "../files/output-file.ts";
import { shellWord } from "../help/shell-word.ts";
import { VERSION } from "../version.ts";
import { ANALYSIS_FILE, type AnalysisRecord, type Rules } from "./analysis-record.ts";
import { ProgressNotifier } from "./progress-notifier.ts";
import { readCells } from "./read-result.ts";
import { readSearch } from "./read-search.ts";

const EXPERIMENT_FILE = "experiment.yaml";

export interface FolderAnalysis {
  readonly analysis: Analysis;
  /** Results of the experiment's thresholds and the requested ones. */
  readonly thresholds: readonly ThresholdResult[];
  /** The report's figures, then the publication's grids. */
  readonly figures: readonly ReportFigure[];
  /** The table for a terminal. */
  readonly table: string;
  readonly reportFile: string;
  readonly summaryFile: string;
}

/**
 * Analyses a result folder and writes summary.json, requests.csv and report.html into it.
 * @param into another folder for the outputs
 * @throws {SlbenchError} FILE_NO_RESULT if it is not a result folder or has no finished cell; FILE_LINK, FILE_SPECIAL, SYSTEM_…
 */
export async function analyzeResultFolder(
  folder: string,
  { thresholds: moreThresholds = [], confidence }: Rules = {},
  into = folder,
): Promise<FolderAnalysis> {
  const { goalThresholds, renderReport, reportFigures, runTitle, searchFigure, servingLimits, timeLimit } =
    await import("./cell-report.ts");
  const search = await readSearch(folder);
  const thresholds = [...(await readThresholds(folder)), ...moreThresholds];
  const progressNotifier = new ProgressNotifier();
  const { run, inputs, skipped } = await readCells(folder, progressNotifier);
  const measured = analyze(inputs, {}, skipped);
  progressNotifier.at(() => "fitting the model and drawing the figures");
  const judging = { ...(confidence !== undefined && { confidence }), runsOf: runsOfAnalysis(measured) };
  const limits = servingLimits([...thresholds, ...goalThresholds(search)], timeLimit(measured));
  const figures = reportFigures(measured, { limits, judging });
  const summary = { ...measured.summary, warnings: [...measured.summary.warnings, ...figures.warnings] };
  const analysis = { ...measured, summary };
  const results = checkThresholds(measured.summary.cells, thresholds, judging);
  const title = runTitle(run);
  const searched = search === undefined ? undefined : searchFigure(search);
  const write = (name: string, content: Content) => writeInside(into, name, content);
  // A junit.xml of an earlier analysis would be out of date.
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
      ...(confidence !== undefined && { confidence }),
      ...(search !== undefined && { search }),
      commands: [
        ...((await exists(join(folder, EXPERIMENT_FILE))) ? repeatCommands(run, search, moreThresholds) : []),
        "# in the result folder",
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
    ...(confidence !== undefined && { confidence }),
  };
  await write(ANALYSIS_FILE, `${JSON.stringify(record, null, 2)}\n`);
  return {
    analysis,
    thresholds: results,
    figures: [...figures.figures, ...figures.grids, ...(searched === undefined ? [] : [searched])],
    table: renderTable(summary.cells),
    summaryFile: join(into, "summary.json"),
    reportFile: join(into, "report.html"),
  };
}

/** What measures the same again, where the experiment's payloads are. */
function repeatCommands(
  { experimentFile = EXPERIMENT_FILE }: { readonly experimentFile?: string },
  search: SearchReport | undefined,
  thresholds: readonly Threshold[],
): readonly string[] {
  const file = shellWord(basename(experimentFile));
  const options = thresholds.map(({ text }) => ` --threshold ${shellWord(text)}`).join("");
  return [
    "# in the folder of the experiment file",
    search === undefined ? `slbench run ${file}${options}` : repeatSearch(file, search),
  ];
}

function repeatSearch(file: string, search: SearchReport): string {
  const { goal, tolerance, users } = search;
  const what = users === undefined ? "" : ` --for replicas --users ${users}`;
  return `slbench find ${file} --goal ${shellWord(goal)} --tolerance ${tolerance}${what}`;
}

/** Thresholds of the experiment; empty if the folder has no experiment file. */
export async function readThresholds(folder: string): Promise<readonly Threshold[]> {
  const file = join(folder, EXPERIMENT_FILE);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return [];
  // Loaded only here, because YAML and the schema need a quarter of the memory of reading a log.
  const { parseExperiment } = await import("@slbench/jmeter-plans");
  return parseExperiment(text, file).thresholds.map(parseThreshold);
}
