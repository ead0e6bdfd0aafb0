import { basename, resolve } from "node:path";
import { analyze, type CellSummary, DEFAULT_MARGIN } from "@slbench/analyzer/logs";
import { isResultFolder, readCells } from "../analyze/read-result.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { readSummaryCells } from "../model/summary-cells.ts";
import { pictureFile, writePicture } from "../picture.ts";
import { compareResults, type MeasuredResult } from "./compare-results.ts";
import { checkFailRules, parseFailRule, renderFailRules } from "./fail-if.ts";
import { renderComparison } from "./render-comparison.ts";

export const COMPARISON_SCHEMA = "slbench.comparison/2";

export interface CompareOptions {
  readonly json?: boolean;
  readonly plots?: string;
  /** Ratios within it count as equivalent, 0.1 is 10%; default 0.1. */
  readonly margin?: number;
  readonly failIf?: readonly string[];
}

/** `slbench compare`: each result against the first. Sets exit code 4 if a rule fails, 5 if one is not decided. */
export async function runCompare(
  paths: readonly string[],
  { json, plots, margin = DEFAULT_MARGIN, failIf = [] }: CompareOptions,
): Promise<void> {
  const rules = failIf.map(parseFailRule);
  const plot = plots === undefined ? undefined : pictureFile(plots, "comparison");
  const [first, ...others] = await Promise.all(paths.map(readResult));
  const comparisons = others.map((other) => compareResults(first as MeasuredResult, other, margin));
  const checked = comparisons.map((one) => checkFailRules(one, rules));
  if (plot !== undefined) {
    await writePlot([first as MeasuredResult, ...others], plot);
    process.stderr.write(`Wrote ${plot}\n`);
  }
  if (json === true) {
    const all = comparisons.map((one, index) => ({
      ...one,
      ...(rules.length > 0 && { rules: checked[index] }),
    }));
    process.stdout.write(`${JSON.stringify({ schema: COMPARISON_SCHEMA, comparisons: all }, null, 2)}\n`);
  } else for (const comparison of comparisons) process.stdout.write(renderComparison(comparison));
  const results = checked.flat();
  if (rules.length === 0) return;
  (json === true ? process.stderr : process.stdout).write(renderFailRules(results));
  if (results.some(({ verdict }) => verdict === "fails")) process.exitCode = 4;
  else if (results.length === 0 || results.some(({ verdict }) => verdict === "undecided"))
    process.exitCode = 5;
}

async function readResult(path: string): Promise<MeasuredResult> {
  if (path.endsWith(".json")) {
    const cells = await readSummaryCells(path);
    return { name: path, cells: cells.map((cell) => ({ ...cell, runs: cell.runs ?? [] })) };
  }
  if (!(await isResultFolder(path))) {
    throw new SlbenchError<ToolErrorCode>("FILE_NO_RESULT", `${path} is not a result folder`, {
      hint: "name folders that slbench run wrote (slbench list shows them), or a summary.json of one",
      exitCode: 2,
    });
  }
  const { run, inputs, skipped } = await readCells(path);
  return { name: basename(resolve(path)), run, cells: analyze(inputs, {}, skipped).summary.cells };
}

/** Plots the mean round trips of all results, one series per result and think time. */
async function writePlot(results: readonly MeasuredResult[], file: string): Promise<void> {
  const { renderChart, resultsOverLoadChart } = await import("@slbench/analyzer");
  // The chart needs no more of a cell than its load and its mean round trip, which every source has.
  const chart = resultsOverLoadChart(
    results.map(({ name, cells }) => ({ name, cells: cells as readonly CellSummary[] })),
  );
  await writePicture(renderChart(chart, { forFile: true }), file);
}
