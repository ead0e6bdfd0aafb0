import { basename, resolve } from "node:path";
import { analyze } from "@slbench/analyzer/logs";
import { isResultFolder, readCells } from "../analyze/read-result.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { pictureFile, writePicture } from "../picture.ts";
import { compareResults, type MeasuredResult } from "./compare-results.ts";
import { renderComparison } from "./render-comparison.ts";

export const COMPARISON_SCHEMA = "slbench.comparison/2";

/** `slbench compare`: each result against the first. */
export async function runCompare(
  folders: readonly string[],
  options: { readonly json?: boolean; readonly plots?: string },
): Promise<void> {
  const plot = options.plots === undefined ? undefined : pictureFile(options.plots, "comparison");
  const [first, ...others] = await Promise.all(folders.map(readResult));
  const comparisons = others.map((other) => compareResults(first as MeasuredResult, other));
  if (plot !== undefined) {
    await writePlot([first as MeasuredResult, ...others], plot);
    process.stderr.write(`Wrote ${plot}\n`);
  }
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ schema: COMPARISON_SCHEMA, comparisons }, null, 2)}\n`);
  } else for (const comparison of comparisons) process.stdout.write(renderComparison(comparison));
}

async function readResult(folder: string): Promise<MeasuredResult> {
  if (!(await isResultFolder(folder))) {
    throw new SlbenchError<ToolErrorCode>("FILE_NO_RESULT", `${folder} is not a result folder`, {
      hint: "name folders that slbench run wrote; slbench list shows them",
      exitCode: 2,
    });
  }
  const { run, inputs, skipped } = await readCells(folder);
  return { name: basename(resolve(folder)), run, analysis: analyze(inputs, {}, skipped) };
}

/** Plots the mean round trips of all results, one series per result and think time. */
async function writePlot(results: readonly MeasuredResult[], file: string): Promise<void> {
  const { renderChart, resultsOverLoadChart } = await import("@slbench/analyzer");
  const chart = resultsOverLoadChart(
    results.map(({ name, analysis }) => ({ name, cells: analysis.summary.cells })),
  );
  await writePicture(renderChart(chart, { forFile: true }), file);
}
