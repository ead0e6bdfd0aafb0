import { basename, resolve } from "node:path";
import { analyze, type CellSummary, DEFAULT_MARGIN } from "@slbench/analyzer/logs";
import { isResultFolder, readCells, requireResultFolder } from "../analyze/read-result.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { exists } from "../files/exists.ts";
import { pictureFile, writePicture } from "../files/picture.ts";
import { readSummaryCells } from "../model/summary-cells.ts";
import { compareLogs, type LogComparison, readMeasuredLogs } from "./compare-logs.ts";
import { type Comparison, compareResults, type MeasuredResult } from "./compare-results.ts";
import { checkFailRules, type FailRule, parseFailRule, type RuleResult, renderFailRules } from "./fail-if.ts";
import { renderComparison, renderLogComparison } from "./render-comparison.ts";
import { cellsOf, labelsOf, renderTrend, type TrendSource, trendOf } from "./trend.ts";

export const COMPARISON_SCHEMA = "slbench.comparison/2";
export const TREND_SCHEMA = "slbench.trend/1";

export interface CompareOptions {
  readonly json?: boolean;
  readonly plots?: string;
  /** Ratios within it count as equivalent, 0.1 is 10%; default 0.1. */
  readonly margin?: number;
  readonly failIf?: readonly string[];
  /** How all results developed, instead of each against the first. */
  readonly trend?: boolean;
}

/**
 * `slbench compare`: each result against the first, or the trend over all. Sets exit code 4 if a rule fails, 5 if one is
 * not decided.
 */
export async function runCompare(paths: readonly string[], options: CompareOptions): Promise<void> {
  const { json, margin = DEFAULT_MARGIN, failIf = [] } = options;
  const rules = failIf.map(parseFailRule);
  const areLogs = await holdLogs(paths);
  checkCombination(options, areLogs);
  if (options.trend === true) return showTrend(paths, areLogs, margin, json === true, rules);
  const comparisons = areLogs
    ? await compareAllLogs(paths, margin)
    : await compareAllResults(paths, margin, options.plots);
  const checked = comparisons.map((one) => checkFailRules(one, rules));
  if (json === true) {
    const all = comparisons.map((one, index) => ({
      ...one,
      ...(rules.length > 0 && { rules: checked[index] }),
    }));
    process.stdout.write(`${JSON.stringify({ schema: COMPARISON_SCHEMA, comparisons: all }, null, 2)}\n`);
  } else
    for (const one of comparisons)
      process.stdout.write("cells" in one ? renderComparison(one) : renderLogComparison(one));
  reportRules(rules, checked.flat(), json === true);
}

function reportRules(rules: readonly FailRule[], results: readonly RuleResult[], json: boolean): void {
  if (rules.length === 0) return;
  (json ? process.stderr : process.stdout).write(renderFailRules(results));
  if (results.some(({ verdict }) => verdict === "fails")) process.exitCode = 4;
  else if (results.length === 0 || results.some(({ verdict }) => verdict === "undecided"))
    process.exitCode = 5;
}

async function compareAllResults(
  paths: readonly string[],
  margin: number,
  plots: string | undefined,
): Promise<readonly Comparison[]> {
  const plot = plots === undefined ? undefined : pictureFile(plots, "comparison");
  const [first, ...others] = (await Promise.all(paths.map(readResult))) as [
    MeasuredResult,
    ...MeasuredResult[],
  ];
  if (plot !== undefined) {
    await writePlot([first, ...others], plot);
    process.stderr.write(`Wrote ${plot}\n`);
  }
  return others.map((other) => compareResults(first, other, margin));
}

async function compareAllLogs(paths: readonly string[], margin: number): Promise<readonly LogComparison[]> {
  const [first, ...others] = await readAllLogs(paths);
  return first === undefined ? [] : others.map((other) => compareLogs(first, other, margin));
}

/** One after the other: a log may be large. */
async function readAllLogs(paths: readonly string[]) {
  const all = [];
  for (const path of paths) all.push(await readMeasuredLogs(path));
  return all;
}

async function showTrend(
  paths: readonly string[],
  areLogs: boolean,
  margin: number,
  json: boolean,
  rules: readonly FailRule[],
): Promise<void> {
  const sources: readonly TrendSource[] = areLogs
    ? (await readAllLogs(paths)).map(labelsOf)
    : (await Promise.all(paths.map(readResult))).map(cellsOf);
  const trends = trendOf(sources, margin);
  process.stdout.write(
    json
      ? `${JSON.stringify({ schema: TREND_SCHEMA, margin, trends }, null, 2)}\n`
      : renderTrend(trends, margin),
  );
  const labels = trends.map(({ name, last }) => ({ label: name, ...last }));
  reportRules(rules, checkFailRules({ labels }, rules), json);
}

/**
 * Whether paths are logs instead of results.
 * @throws {SlbenchError} USAGE_COMPARE if they are both
 */
async function holdLogs(paths: readonly string[]): Promise<boolean> {
  const areResults = await Promise.all(
    paths.map(async (path) => path.endsWith(".json") || (await isResultFolder(path))),
  );
  const results = areResults.filter((isResult) => isResult).length;
  if (results > 0 && results < paths.length) {
    const log = paths[areResults.indexOf(false)] as string;
    if (!(await exists(log)))
      throw wrong(`${log} does not exist`, "check the path; slbench list shows the results");
    throw wrong(
      `${log} is not a result folder, and other arguments are`,
      "compare results with results (slbench list shows them), or logs with logs",
    );
  }
  return results === 0;
}

/** @throws {SlbenchError} USAGE_COMPARE */
function checkCombination({ plots, trend }: CompareOptions, areLogs: boolean): void {
  if (plots === undefined || (!areLogs && trend !== true)) return;
  throw wrong(
    `--plots draws cells of results, not ${areLogs ? "labels of logs" : "a trend"}`,
    areLogs ? "use slbench analyze LOG --plots" : "leave --trend or --plots out",
  );
}

const wrong = (message: string, hint: string) =>
  new SlbenchError<ToolErrorCode>("USAGE_COMPARE", message, { hint, exitCode: 2 });

async function readResult(path: string): Promise<MeasuredResult> {
  if (path.endsWith(".json")) {
    const cells = await readSummaryCells(path);
    return { name: path, cells: cells.map((cell) => ({ ...cell, runs: cell.runs ?? [] })) };
  }
  await requireResultFolder(
    path,
    "name folders that slbench run wrote (slbench list shows them), or a summary.json of one",
  );
  const { run, inputs, skipped } = await readCells(path);
  return { name: basename(resolve(path)), run, cells: analyze(inputs, {}, skipped).summary.cells };
}

/** Plots the mean round trips of all results, one series per result and think time. */
async function writePlot(results: readonly MeasuredResult[], file: string): Promise<void> {
  const { renderChart, resultsOverLoadChart } = await import("../analyze/cell-report.ts");
  // The chart needs no more of a cell than its load and its mean round trip, which every source has.
  const chart = resultsOverLoadChart(
    results.map(({ name, cells }) => ({ name, cells: cells as readonly CellSummary[] })),
  );
  await writePicture(renderChart(chart, { forFile: true }), file);
}
