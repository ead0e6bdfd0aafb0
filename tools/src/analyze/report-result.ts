import {
  describeCondition,
  describeWarning,
  printable,
  renderThresholds,
  type Summary,
  type ThresholdResult,
  type Warning,
} from "@slbench/analyzer/logs";
import type { Rules } from "./analysis-record.ts";
import { analyzeResultFolder, type FolderAnalysis } from "./write-result.ts";

/**
 * Analyses a result folder and prints table, warnings and report path; sets exit code 3 if data or figures are missing.
 * @param isJson summary.json goes to standard output, and thresholds to standard error
 */
export async function reportResult(
  folder: string,
  rules: Rules = {},
  isJson = false,
): Promise<FolderAnalysis> {
  const result = await analyzeResultFolder(folder, rules);
  const words = isJson ? process.stderr : process.stdout;
  if (isJson) process.stdout.write(`${JSON.stringify(result.analysis.summary, undefined, 2)}\n`);
  else process.stdout.write(`\n${result.table}\n`);
  printWarnings(result.analysis.summary);
  if (lacksFigures(result.analysis.summary)) process.exitCode = 3;
  if (result.thresholds.length > 0) words.write(`${renderThresholds(result.thresholds)}\n`);
  words.write(`Report: ${result.reportFile}\n`);
  return result;
}

/** Whether data are missing, or the clock offsets without which time-based figures are left out. */
export const lacksFigures = ({ complete, warnings }: Pick<Summary, "complete" | "warnings">): boolean =>
  !complete || warnings.some(({ code }) => code === "CLOCKS_UNKNOWN");

/**
 * Sets exit code 4 if a threshold fails and 5 if one is not decided, unless incomplete data set another code already.
 */
export function setThresholdExitCode(results: readonly ThresholdResult[]): void {
  if (results.some(({ verdict }) => verdict === "fail")) process.exitCode ??= 4;
  else if (results.some(({ verdict }) => verdict === "undecided")) process.exitCode ??= 5;
}

/** Prints warnings and skipped input to standard error. */
export function printWarnings({ warnings, skipped, complete }: Summary): void {
  process.stderr.write(renderWarnings(warnings));
  for (const { source, position, reason } of skipped)
    process.stderr.write(`${printable(`Skipped: ${source}, ${position}: ${reason}`)}\n`);
  if (!complete) process.stderr.write("The input is incomplete: the figures cover only what could be read\n");
}

/**
 * Warnings for a terminal: a hint once after all that share it; of warnings with one code, those of the first cell in
 * full, and the other cells by name.
 */
export function renderWarnings(warnings: readonly Warning[]): string {
  const text = groups(warnings, ({ hint }) => hint).map((alike) => {
    const lines = groups(alike, ({ code }) => code).flatMap(linesOf);
    return `${[...lines, `  ${alike[0]?.hint}`].join("\n")}\n`;
  });
  return text.join("");
}

function linesOf(alike: readonly Warning[]): readonly string[] {
  const nameOf = ({ cell }: Warning) => (cell === undefined ? undefined : describeCondition(cell));
  const first = alike.map(nameOf).find((name) => name !== undefined);
  const inFull = alike.filter((one) => one.cell === undefined || nameOf(one) === first);
  const others = new Set(alike.filter((one) => !inFull.includes(one)).map(nameOf));
  const lines = inFull.map((one) => printable(`Warning ${one.code}: ${describeWarning(one)}`));
  return others.size === 0 ? lines : [...lines, `  likewise: ${[...others].join("; ")}`];
}

/** In the order of their first members. */
function groups<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly T[])[] {
  const byKey = new Map<string, T[]>();
  for (const one of all) {
    const group = byKey.get(keyOf(one));
    if (group === undefined) byKey.set(keyOf(one), [one]);
    else group.push(one);
  }
  return [...byKey.values()];
}
