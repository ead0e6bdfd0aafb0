import {
  type Analysis,
  analyze,
  checkThresholds,
  type LogInput,
  parseThreshold,
  renderLabels,
  renderTable,
  renderThresholds,
} from "@slbench/analyzer/logs";
import { ToolError } from "../errors.ts";
import { findLogs } from "./inputs.ts";
import { readLabelled, readLogFile } from "./labelled.ts";
import {
  analyzeResultFolder,
  isResultFolder,
  judgeThresholds,
  printDoubts,
  reportResult,
} from "./result-folder.ts";

/** `slbench analyze`: result folders each by itself, files together. */
export async function runAnalyze(
  paths: readonly string[],
  options: {
    readonly json?: boolean;
    readonly cell: readonly string[];
    readonly columns?: string;
    readonly threshold?: readonly string[];
  },
): Promise<void> {
  if (paths.length === 0 && options.cell.length === 0) {
    throw new ToolError("USAGE_NO_INPUT", "nothing to analyse", {
      hint: "name a result folder or JTL files; slbench analyze --help has examples",
      exitCode: 2,
    });
  }
  const more = options.threshold ?? [];
  const thresholds = more.map(parseThreshold);
  const files: LogInput[] = [];
  for (const path of paths) {
    if (await isResultFolder(path)) {
      const result = await (options.json === true ? analyzeResultFolder : reportResult)(path, more);
      if (options.json === true) show(result.analysis, true);
      judgeThresholds(result.thresholds);
    } else {
      for (const source of await findLogs(path)) files.push(await readUnlabelled(source, options.columns));
    }
  }
  for (const label of options.cell) files.push(await readLabelled(label));
  if (files.length === 0) return;
  const analysis = analyze(files);
  show(analysis, options.json === true);
  const results = checkThresholds(analysis.summary.cells, thresholds);
  if (results.length > 0)
    (options.json === true ? process.stderr : process.stdout).write(renderThresholds(results));
  judgeThresholds(results);
}

function show({ summary }: Analysis, json: boolean): void {
  if (!summary.complete) process.exitCode = 3;
  if (json) return void process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  if (summary.cells.length > 0) process.stdout.write(renderTable(summary.cells));
  if (summary.labels.length > 0) process.stdout.write(renderLabels(summary.labels));
  printDoubts(summary);
}

/** A log of any JMeter: its users are its different threads; its think time nobody knows. */
async function readUnlabelled(source: string, columns: string | undefined): Promise<LogInput> {
  const log = await readLogFile(source, columns?.split(","));
  if (log.hasReports) {
    process.stderr.write(
      `${source}: think time unknown, shown as 0; label it with --cell users=…,think=…,path=…\n`,
    );
  }
  return { users: log.threads, thinkTimeSeconds: 0, repetition: 1, source, log, guessed: true };
}
