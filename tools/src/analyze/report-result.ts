import {
  describeWarning,
  printable,
  renderThresholds,
  type Summary,
  type ThresholdResult,
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

/** Prints warnings and skipped input to standard error; warnings with the same hint share one line of it. */
export function printWarnings({ warnings, skipped, complete }: Summary): void {
  const byHint = new Map<string, string[]>();
  for (const { code, hint, ...warning } of warnings) {
    const line = printable(`Warning ${code}: ${describeWarning(warning)}`);
    const lines = byHint.get(hint);
    if (lines === undefined) byHint.set(hint, [line]);
    else lines.push(line);
  }
  for (const [hint, lines] of byHint) process.stderr.write(`${lines.join("\n")}\n  ${hint}\n`);
  for (const { source, position, reason } of skipped)
    process.stderr.write(`${printable(`Skipped: ${source}, ${position}: ${reason}`)}\n`);
  if (!complete) process.stderr.write("The input is incomplete: the figures cover only what could be read\n");
}
