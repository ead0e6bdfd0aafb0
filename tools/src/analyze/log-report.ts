import { open } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ReportFigure } from "@slbench/analyzer";
import type { Analysis, ApdexLimits, LogInput, Threshold } from "@slbench/analyzer/logs";
import { writeNamed } from "../files/output-file.ts";
import { shellWord } from "../help/shell-word.ts";
import type { Rules } from "./analysis-record.ts";
import { STDIN } from "./inputs.ts";

/** A page of logs that were named one by one, and its figures. */
export interface LogPage {
  readonly file: string;
  /** They take as long as the page, so they are made only on request. */
  figures(): readonly ReportFigure[];
}

export interface LogPageOptions {
  readonly inputs: readonly LogInput[];
  readonly rules: Rules;
  /** Default: JMeter's. */
  readonly apdex?: ApdexLimits;
  /** Of the page; absent: named after the log, in the current folder. */
  readonly file?: string;
  /** Paths as they were given. */
  readonly paths: readonly string[];
}

/**
 * Writes the report of logs: of cells, if they hold clients' reports, else of labels.
 * @throws {SlbenchError} FILE_FOLDER, SYSTEM_…
 */
export async function writeLogPage(
  analysis: Analysis,
  { inputs, rules, apdex, file, paths }: LogPageOptions,
): Promise<LogPage> {
  const { thresholds = [], confidence } = rules;
  const options = [...thresholdOptions(thresholds), ...apdexOption(apdex)];
  const commands = [["slbench analyze", ...paths.map(shellWord), ...options].join(" ")];
  const name = pageName(paths);
  const target = file ?? `${name}.report.html`;
  if (analysis.summary.cells.length === 0) {
    const { logReportFigures, renderLogReport } = await import("./label-page.ts");
    const page = renderLogReport(analysis, {
      ...{ thresholds, commands },
      ...(apdex !== undefined && { apdex }),
    });
    await writeNamed(target, page);
    return { file: target, figures: () => logReportFigures(analysis, thresholds) };
  }
  const analyzer = await import("./cell-report.ts");
  const judging = {
    ...(confidence !== undefined && { confidence }),
    runsOf: analyzer.runsOfAnalysis(analysis),
  };
  const ofCells = thresholds.filter(({ isOfLabel }) => !isOfLabel);
  const limits = analyzer.servingLimits(ofCells, analyzer.timeLimit(analysis));
  const figures = analyzer.reportFigures(analysis, { limits, judging });
  const page = analyzer.renderReport(analysis, {
    ...{ run: { experiment: name }, inputs, thresholds: ofCells, commands, figures },
    ...(confidence !== undefined && { confidence }),
  });
  await writeNamed(target, page);
  return { file: target, figures: () => [...figures.figures, ...figures.grids] };
}

const thresholdOptions = (thresholds: readonly Threshold[]) =>
  thresholds.map(({ text }) => `--threshold ${shellWord(text)}`);

const apdexOption = (limits: ApdexLimits | undefined) =>
  limits === undefined ? [] : [`--apdex ${limits.satisfied}s,${limits.tolerated}s`];

/** `loadtest` for `logs/loadtest.jtl.gz`; `logs` for several. */
export function pageName(paths: readonly string[]): string {
  const [first] = paths;
  if (paths.length !== 1 || first === undefined) return "logs";
  if (first === STDIN) return "stdin";
  const name = basename(first)
    .replace(/\.gz$/i, "")
    .replace(/\.(jtl|csv|xml|jsonl)$/i, "");
  // A pattern's characters are no part of a file name.
  return name.replaceAll(/[^\w.-]+/g, "-").replaceAll(/^[-.]+|-+$/g, "") || "logs";
}

/** Whether JMeter's own dashboard can read a log: it takes plain CSV only. */
export async function isPlainCsv(source: string): Promise<boolean> {
  if (source === STDIN) return false;
  const file = await open(source, "r");
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const isGzip = buffer[0] === 0x1f && buffer[1] === 0x8b;
    return !isGzip && !buffer.includes("<");
  } finally {
    await file.close();
  }
}

/** Where JMeter's dashboard of a log goes: beside the page. */
export const dashboardFolder = (source: string): string => join(".", `${pageName([source])}.dashboard`);
