import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import {
  type Analysis,
  alignRight,
  columnWidths,
  compare,
  type Comparison as Difference,
  formatPercent,
  roundTripRuns,
} from "@slbench/analyzer/logs";
import { isResultFolder, readResultFolder } from "../analyze/read-result.ts";
import { ToolError } from "../errors.ts";
import { checkFiles } from "../output-file.ts";
import { pictureFile, writePicture } from "../picture.ts";
import type { RunRecord } from "../results/result-folder.ts";
import { environmentDifferences } from "./environment-differences.ts";

export const COMPARISON_SCHEMA = "slbench.comparison/2";

/** A cell that both results have. */
export interface CellComparison {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly firstMeanSeconds?: number;
  readonly secondMeanSeconds?: number;
  readonly firstSuccessRate?: number;
  readonly secondSuccessRate?: number;
  /** Difference of the mean round trips, including failed requests. */
  readonly roundTrip?: Difference;
}

export interface Comparison {
  readonly first: string;
  readonly second: string;
  /** Descriptions of what differs besides the measurements. */
  readonly environmentDifferences: readonly string[];
  readonly cells: readonly CellComparison[];
  /** Number of cells that only one result has. */
  readonly onlyOnce: number;
}

interface Result {
  readonly name: string;
  readonly run: Partial<RunRecord>;
  readonly analysis: Analysis;
}

/** `slbench compare`: each result against the first. */
export async function runCompare(
  folders: readonly string[],
  options: { readonly json?: boolean; readonly plots?: string },
): Promise<void> {
  const plot = options.plots === undefined ? undefined : pictureFile(options.plots, "comparison");
  const [first, ...others] = await Promise.all(folders.map(readResult));
  const comparisons = others.map((other) => compareResults(first as Result, other));
  if (plot !== undefined) {
    await writePlot([first as Result, ...others], plot);
    process.stderr.write(`Wrote ${plot}\n`);
  }
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ schema: COMPARISON_SCHEMA, comparisons }, null, 2)}\n`);
  } else for (const comparison of comparisons) process.stdout.write(renderComparison(comparison));
}

async function readResult(folder: string): Promise<Result> {
  if (!(await isResultFolder(folder))) {
    throw new ToolError("FILE_NO_RESULT", `${folder} is not a result folder`, {
      hint: "name folders that slbench run wrote; slbench list shows them",
      exitCode: 2,
    });
  }
  await checkFiles(folder, ["run.json"]);
  const run = JSON.parse(await readFile(join(folder, "run.json"), "utf8")) as Partial<RunRecord>;
  return { name: basename(resolve(folder)), run, analysis: await readResultFolder(folder) };
}

function compareResults(first: Result, second: Result): Comparison {
  const cells: CellComparison[] = [];
  let onlyOnce = 0;
  for (const [index, cell] of first.analysis.summary.cells.entries()) {
    const { users, thinkTimeSeconds } = cell;
    const at = second.analysis.summary.cells.findIndex(
      (other) => other.users === users && other.thinkTimeSeconds === thinkTimeSeconds,
    );
    const other = second.analysis.summary.cells[at];
    if (other === undefined) {
      onlyOnce++;
      continue;
    }
    const trips = ({ analysis }: Result, which: number) =>
      (analysis.clients[which] ?? []).map((client) => client.roundTripSeconds);
    const runs = ({ analysis }: Result, which: number) => roundTripRuns(analysis.clients[which] ?? []);
    const roundTrip = compare(trips(first, index), trips(second, at), {
      runs: { before: runs(first, index), after: runs(second, at) },
    });
    cells.push({
      users,
      thinkTimeSeconds,
      ...(cell.roundTripSeconds.mean !== undefined && { firstMeanSeconds: cell.roundTripSeconds.mean }),
      ...(other.roundTripSeconds.mean !== undefined && { secondMeanSeconds: other.roundTripSeconds.mean }),
      ...(cell.successRate.meanOverClients !== undefined && {
        firstSuccessRate: cell.successRate.meanOverClients,
      }),
      ...(other.successRate.meanOverClients !== undefined && {
        secondSuccessRate: other.successRate.meanOverClients,
      }),
      ...(roundTrip !== undefined && { roundTrip }),
    });
  }
  onlyOnce += second.analysis.summary.cells.length - cells.length;
  return {
    first: first.name,
    second: second.name,
    environmentDifferences: environmentDifferences(first.run, second.run),
    cells,
    onlyOnce,
  };
}

function renderComparison({
  first,
  second,
  environmentDifferences: differences,
  cells,
  onlyOnce,
}: Comparison): string {
  const seconds = (value: number | undefined) => value?.toFixed(3) ?? "-";
  const percent = (value: number | undefined) => (value === undefined ? "-" : formatPercent(value));
  const rows = [
    ["users", "think", "A mean", "B mean", "B - A", "95% interval", "A ok", "B ok", "B is"],
    ...cells.map(({ roundTrip, ...cell }) => [
      ...[String(cell.users), String(cell.thinkTimeSeconds)],
      ...[seconds(cell.firstMeanSeconds), seconds(cell.secondMeanSeconds), seconds(roundTrip?.difference)],
      roundTrip?.interval === undefined
        ? "-"
        : `${roundTrip.interval.low.toFixed(3)}…${roundTrip.interval.high.toFixed(3)}`,
      ...[percent(cell.firstSuccessRate), percent(cell.secondSuccessRate)],
      verdict(roundTrip),
    ]),
  ];
  const widths = columnWidths(rows);
  return [
    `A: ${first}`,
    `B: ${second}`,
    ...differences.map((difference) => `  ENVIRONMENT_DIFFERENCES: ${difference}`),
    "",
    ...rows.map((row) => alignRight(row, widths, " ")),
    "Times in seconds; the last column compares B's mean round trip with A's.",
    ...(cells.some(({ roundTrip }) => roundTrip !== undefined && roundTrip.interval === undefined)
      ? [
          "No interval: one side has fewer than 5 users and fewer than 40 requests, which is",
          "too few to show a difference.",
        ]
      : []),
    ...(onlyOnce > 0
      ? [onlyOnce === 1 ? "1 cell is in one result only." : `${onlyOnce} cells are in one result only.`]
      : []),
    "",
    "",
  ].join("\n");
}

function verdict(roundTrip: Difference | undefined): string {
  if (roundTrip === undefined) return "unknown";
  if (roundTrip.verdict === "no difference shown") return roundTrip.verdict;
  const size = roundTrip.ratio === undefined ? "" : ` by ${formatPercent(Math.abs(roundTrip.ratio - 1))}`;
  return `${roundTrip.verdict === "higher" ? "longer" : "shorter"}${size}`;
}

/** Plots the mean round trips of all results, one series per result and think time. */
async function writePlot(results: readonly Result[], file: string): Promise<void> {
  const { renderChart, resultsOverUsersChart } = await import("@slbench/analyzer");
  const chart = resultsOverUsersChart(
    results.map(({ name, analysis }) => ({ name, cells: analysis.summary.cells })),
  );
  await writePicture(renderChart(chart, { forFile: true }), file);
}
