import {
  type Analysis,
  type ApdexLimits,
  analyze,
  checkPlainLogs,
  checkThresholds,
  formatCount,
  type LogInput,
  parseThreshold,
  type QuantileKind,
  renderErrors,
  renderGroups,
  renderLabels,
  renderTable,
  renderThresholds,
  runsOfAnalysis,
  type Summary,
  type ThresholdResult,
  type Warning,
} from "@slbench/analyzer/logs";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { type PictureFormat, parseWidth } from "../files/picture.ts";
import type { Rules } from "./analysis-record.ts";
import { findLogs, keepLogs, oncePerFile } from "./inputs.ts";
import { readLabelled } from "./labelled.ts";
import { type LogReadingOptions, parseLogOptions } from "./log-options.ts";
import { dashboardFolder, isPlainCsv, type LogPageOptions, writeLogPage } from "./log-report.ts";
import { isResultFolder, readResultFolder } from "./read-result.ts";
import { lacksFigures, printWarnings, reportResult, setThresholdExitCode } from "./report-result.ts";
import { numberRepetitions, readUnlabelled } from "./unlabelled.ts";
import {
  parseView,
  type View,
  type ViewedGroups,
  type ViewOptions,
  viewGroups,
  viewWarnings,
  writeRequests,
} from "./view.ts";
import { analyzeResultFolder } from "./write-result.ts";

interface AnalyzeOptions extends ViewOptions, LogReadingOptions {
  readonly json?: boolean;
  readonly cell: readonly string[];
  readonly quantiles?: QuantileKind;
  readonly threshold?: readonly string[];
  readonly confidence?: number;
  readonly apdex?: ApdexLimits;
  readonly plots?: PictureFormat;
  readonly width?: string;
  readonly dashboard?: boolean;
  /** False: no page for logs; a text: its file. */
  readonly report?: boolean | string;
}

/** `slbench analyze`: each result folder separately, files together. */
export async function runAnalyze(paths: readonly string[], options: AnalyzeOptions): Promise<void> {
  if (paths.length === 0 && options.cell.length === 0) {
    throw new SlbenchError<ToolErrorCode>("USAGE_NO_INPUT", "nothing to analyse", {
      hint: "name a result folder or JMeter logs; see slbench analyze --help",
      exitCode: 2,
    });
  }
  const rules: Rules = {
    thresholds: (options.threshold ?? []).map(parseThreshold),
    ...(options.confidence !== undefined && { confidence: options.confidence }),
  };
  const view = parseView(options);
  // Known to be wrong before any file is read.
  widthOf(options);
  const needsRows = view.isSpecial || view.requests !== undefined;
  const isJson = options.json === true;
  const hasPage = !view.isSpecial && !isJson && options.report !== false;
  const kept = { keepSamples: needsRows, keepSeries: hasPage, figuresOnly: !needsRows };
  const logOptions = { ...kept, ...parseLogOptions(options) };
  const found: string[] = [];
  for (const path of paths) {
    if (await isResultFolder(path)) await analyzeFolder(path, rules, view, options);
    else found.push(...(await findLogs(path)));
  }
  const sources = [...(await oncePerFile(found))];
  const outputs = [
    ...(typeof options.report === "string" ? [options.report] : []),
    ...(view.requests === undefined ? [] : [`requests.${view.requests}`]),
  ];
  await keepLogs([...sources, ...cellPaths(options)], outputs);
  const inputs = [...(await readUnlabelled(sources, logOptions))];
  const numbered = new Set<LogInput>();
  for (const label of options.cell) {
    const input = await readLabelled(label, logOptions);
    inputs.push(input);
    sources.push(input.source);
    if (/(^|,)\s*repetition=/.test(label)) numbered.add(input);
  }
  if (inputs.length === 0) return;
  const { quantiles } = options;
  const analysis = analyze(
    numberRepetitions(inputs, (input) => numbered.has(input)),
    view.selection,
    [],
    quantiles === undefined ? {} : { quantiles },
  );
  const warned = withWarnings(analysis, await notForLogs(sources, hasPage, options));
  present(warned, rules, view, isJson);
  await writeRequests(analysis, view, ".");
  if (hasPage) await writePage(warned, { inputs, rules, paths: [...paths, ...cellPaths(options)] }, options);
  if (options.dashboard === true) await writeLogDashboards(sources);
}

const widthOf = ({ width }: AnalyzeOptions) => (width === undefined ? undefined : parseWidth(width));

const cellPaths = ({ cell }: AnalyzeOptions) => cell.map((label) => label.replace(/^.*path=/s, ""));

/** The page of logs, and its figures as files. */
async function writePage(
  analysis: Analysis,
  page: Omit<LogPageOptions, "apdex" | "file">,
  options: AnalyzeOptions,
): Promise<void> {
  const { apdex, report, plots } = options;
  const { file, figures } = await writeLogPage(analysis, {
    ...page,
    ...(apdex !== undefined && { apdex }),
    ...(typeof report === "string" && { file: report }),
  });
  process.stdout.write(`Report: ${file}\n`);
  if (plots === undefined) return;
  const { writePlots } = await import("./extras.ts");
  process.stderr.write(`Plots: ${await writePlots(figures(), ".", plots, widthOf(options))}\n`);
}

/** JMeter's own dashboards, beside the page. */
async function writeLogDashboards(sources: readonly string[]): Promise<void> {
  const { writeLogDashboard } = await import("./extras.ts");
  for (const source of sources) {
    if (!(await isPlainCsv(source))) continue;
    const folder = dashboardFolder(source);
    if (await writeLogDashboard(source, folder)) process.stderr.write(`Dashboard: ${folder}/index.html\n`);
  }
}

/** Warnings about options that logs do not allow. */
async function notForLogs(
  sources: readonly string[],
  hasPage: boolean,
  { apdex, plots, dashboard }: AnalyzeOptions,
): Promise<readonly Warning[]> {
  const unread: string[] = [];
  if (dashboard === true) for (const source of sources) if (!(await isPlainCsv(source))) unread.push(source);
  return [
    ...(plots !== undefined && !hasPage ? [needsPage("--plots writes the figures of")] : []),
    ...(apdex !== undefined && !hasPage ? [needsPage("--apdex sets limits for")] : []),
    ...unread.map((source) =>
      notApplied(
        `--dashboard: JMeter's dashboard reads plain CSV only, and ${source} is not`,
        "use slbench's own report, or record a CSV log",
      ),
    ),
  ];
}

const needsPage = (what: string): Warning =>
  notApplied(
    `${what} a log's page, which --json, --by, --percentiles, --filter, --part and --no-report leave out`,
    "leave those options out",
  );

const notApplied = (message: string, hint: string): Warning => ({
  code: "OPTION_NOT_APPLIED",
  message,
  hint,
});

const withWarnings = (analysis: Analysis, warnings: readonly Warning[]): Analysis => ({
  ...analysis,
  summary: { ...analysis.summary, warnings: [...analysis.summary.warnings, ...warnings] },
});

/** A result folder's own outputs, or a view of it that leaves them unchanged. */
async function analyzeFolder(
  folder: string,
  rules: Rules,
  view: View,
  options: AnalyzeOptions,
): Promise<void> {
  const { json, plots, dashboard } = options;
  if (view.isSpecial) {
    const analysis = await readResultFolder(folder, view.selection);
    present(analysis, rules, view, json === true);
    return writeRequests(analysis, view, ".");
  }
  const result = await (json === true ? analyzeResultFolder : reportResult)(folder, rules);
  if (json === true) show(result.analysis, true, view);
  setThresholdExitCode(result.thresholds);
  if (plots !== undefined || dashboard === true) {
    const { writeDashboards, writePlots } = await import("./extras.ts");
    if (plots !== undefined)
      process.stderr.write(`Plots: ${await writePlots(result.figures, folder, plots, widthOf(options))}\n`);
    if (dashboard === true)
      for (const made of await writeDashboards(folder))
        process.stderr.write(`Dashboard: ${made}/index.html\n`);
  }
  // The analysis wrote requests.csv already.
  if (view.requests !== "csv") await writeRequests(result.analysis, view, folder);
}

/** Prints an analysis and checks the thresholds. */
function present(analysis: Analysis, rules: Rules, view: View, json: boolean): void {
  show(analysis, json, view);
  const results = checkRules(analysis, rules);
  if (results.length > 0) (json ? process.stderr : process.stdout).write(renderThresholds(results));
  setThresholdExitCode(results);
}

/**
 * Only logs without clients' reports have labels. A threshold without a label is about the cells, or about all samples
 * if there are no cells.
 */
function checkRules(analysis: Analysis, { thresholds = [], ...judging }: Rules): readonly ThresholdResult[] {
  const { cells, labels } = analysis.summary;
  const options = { ...judging, runsOf: runsOfAnalysis(analysis) };
  if (labels.length === 0) return checkThresholds(cells, thresholds, options);
  if (cells.length === 0) return checkPlainLogs(analysis.summary, thresholds);
  const ofLabels = thresholds.filter(({ isOfLabel }) => isOfLabel);
  const ofCells = thresholds.filter(({ isOfLabel }) => !isOfLabel);
  return [...checkThresholds(cells, ofCells, options), ...checkPlainLogs(analysis.summary, ofLabels)];
}

function show({ summary: made, ...analysis }: Analysis, json: boolean, view: View): void {
  const viewed = viewGroups({ summary: made, ...analysis }, view);
  const summary = { ...made, warnings: [...made.warnings, ...viewWarnings(viewed)] };
  if (lacksFigures(summary)) process.exitCode = 3;
  if (json) {
    const warnings = summary.warnings.filter(({ code }) => OF_OPTIONS.includes(code));
    printWarnings({ ...summary, warnings, skipped: [], complete: true });
    return void process.stdout.write(`${JSON.stringify({ ...summary, ...viewed }, null, 2)}\n`);
  }
  const { groups, sampleGroups } = viewed;
  const { cells, labels, totals, errors, quantiles, selection } = summary;
  if (cells.length > 0)
    process.stdout.write(groups === undefined ? renderTable(cells) : renderGroups(groups.rows, groups.by));
  if (selection !== undefined) process.stdout.write(describeLeftOut(selection.requestsLeftOut, viewed, made));
  if (sampleGroups !== undefined && sampleGroups.rows.length > 0)
    process.stdout.write(renderGroups(sampleGroups.rows, sampleGroups.by));
  else if (labels.length > 0) {
    process.stdout.write(renderLabels(labels, totals));
    if (errors.length > 0) process.stdout.write(`\n${renderErrors(errors)}`);
  }
  if (quantiles === "jmeter" && labels.length > 0)
    process.stdout.write("\nQuantiles as JMeter's dashboard estimates them: the value at place (n + 1) p\n");
  printWarnings(summary);
}

/** What a filter or a part left out, in a line. */
function describeLeftOut(count: number, { sampleGroups }: ViewedGroups, { cells, labels }: Summary): string {
  if (cells.length > 0) return `${formatCount(count, "request")} left out\n`;
  const isEmpty = labels.length === 0 && (sampleGroups?.rows.length ?? 0) === 0;
  return isEmpty
    ? `Nothing matches: ${formatCount(count, "row")} left out\n`
    : `${formatCount(count, "sample")} left out\n`;
}

/** Warnings about options, printed on standard error with --json too. */
const OF_OPTIONS = ["OPTION_NOT_APPLIED", "TIMES_NOT_READ", "NO_STEADY_PART"];
