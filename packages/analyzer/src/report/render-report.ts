import type { LogInput } from "../analysis/log-input.ts";
import type { Analysis } from "../analyze.ts";
import type { SearchReport } from "../finding/search-report.ts";
import { replicasFigure } from "../plot/replicas/figure.ts";
import { CONFIDENCE_LEVEL } from "../stats/interval.ts";
import { runsOfAnalysis } from "../thresholds/judge.ts";
import { checkThresholds, type Threshold } from "../thresholds/threshold.ts";
import { describeRun, type RunDescription, runMethods, runSubject, runTitle } from "./describe-run.ts";
import { type ReportContext, renderHtml } from "./html.ts";
import { type ReportFigures, reportFigures, timeLimit } from "./report-figures.ts";
import { goalThresholds } from "./search-limits.ts";
import { servingLimits } from "./serving/limits.ts";

/** What a report shows besides the figures; everything is optional. */
export interface ReportOptions {
  /** How it was measured. */
  readonly run?: RunDescription;
  /** The logs with their conditions, for how busy the load generator was. */
  readonly inputs?: readonly LogInput[];
  readonly thresholds?: readonly Threshold[];
  /** With which thresholds and the number of users are judged; default 0.95. */
  readonly confidence?: number;
  /** Of a result that `slbench find` made: find.json. */
  readonly search?: SearchReport;
  /** Commands that repeat the measurement, one per line. */
  readonly commands?: readonly string[];
  /** Result of `reportFigures(analysis)`, if it exists already: making it fits the model, which takes seconds. */
  readonly figures?: ReportFigures;
}

/**
 * The report of an analysis as one HTML page that needs nothing else. Its warnings
 * include a model that could not be fitted.
 *
 * @example
 * ```ts
 * renderReport(analyze([])).startsWith("<!doctype html>"); // true
 * ```
 */
export function renderReport(analysis: Analysis, options: ReportOptions = {}): string {
  const { run = {}, inputs = [], thresholds = [], confidence = CONFIDENCE_LEVEL, commands, search } = options;
  const judging = { confidence, runsOf: runsOfAnalysis(analysis) };
  const limits = servingLimits([...thresholds, ...goalThresholds(search)], timeLimit(analysis));
  const { figures, warnings, modelVerdict } = options.figures ?? reportFigures(analysis, { limits, judging });
  const replicas = replicasFigure(inputs);
  const subject = runSubject(run);
  const progress = progressOf(run);
  const summary = { ...analysis.summary, warnings: [...analysis.summary.warnings, ...warnings] };
  return renderHtml(summary, {
    title: runTitle(run),
    ...(subject !== undefined && { subject }),
    limits,
    thresholds: checkThresholds(analysis.summary.cells, thresholds, judging),
    judging,
    facts: describeRun(run, inputs),
    methods: runMethods(run, analysis),
    ...(commands !== undefined && { commands }),
    ...(search !== undefined && { search }),
    figures: replicas === undefined ? figures : [...figures, replicas],
    ...(modelVerdict !== undefined && { modelVerdict }),
    ...(progress !== undefined && { progress }),
  });
}

/** Undefined if every planned cell was measured. */
function progressOf({ cells = [] }: RunDescription): ReportContext["progress"] {
  const measured = cells.filter(({ state }) => state === "complete" || state === "ended-early").length;
  return measured === cells.length ? undefined : { measured, planned: cells.length };
}
