import type { Analysis } from "../../analyze.ts";
import { formatInteger } from "../../core/format.ts";
import type { ApdexLimits } from "../../log/apdex.ts";
import type { ReportFigure } from "../../plot/figure.ts";
import { logDistributionFigures } from "../../plot/log/distribution.ts";
import { logAnswerFigure, logTimeFigures } from "../../plot/log/over-time.ts";
import { checkPlainLogs } from "../../thresholds/check-plain-logs.ts";
import { generalLimits, type Threshold } from "../../thresholds/threshold.ts";
import { escapeHtml, foldedSection, type Section } from "../markup.ts";
import { renderPage } from "../page-html.ts";
import { figureSections } from "../sections/figures.ts";
import { measuredSections } from "../sections/measured.ts";
import { thresholdSections } from "../sections/thresholds.ts";
import { answerWarnings, warningsPreview, warningsSection } from "../sections/warnings.ts";
import { formatDuration, logAnswer } from "./answer.ts";
import { type LogData, logDataOf } from "./log-data.ts";
import { errorSections, labelSections } from "./tables.ts";

/** What a report of logs shows besides their figures; everything is optional. */
export interface LogReportOptions {
  /** What was measured, in the page's question; default: the log's name. */
  readonly name?: string;
  readonly thresholds?: readonly Threshold[];
  /** Default: JMeter's, 0.5 s and 1.5 s. */
  readonly apdex?: ApdexLimits;
  /** Commands that make the report again, one per line. */
  readonly commands?: readonly string[];
}

/**
 * The figures of logs without clients' reports, of any JMeter; empty without such logs. Those over time need logs that
 * were read with `keepSeries`.
 *
 * @example
 * ```ts
 * logReportFigures(analyze([])); // []
 * ```
 */
export function logReportFigures(
  { plainLogs }: Pick<Analysis, "plainLogs">,
  thresholds: readonly Threshold[] = [],
): readonly ReportFigure[] {
  const data = logDataOf(plainLogs);
  return data === undefined ? [] : figuresOf(data, thresholds);
}

function figuresOf(data: LogData, thresholds: readonly Threshold[]): readonly ReportFigure[] {
  const limits = thresholds
    .filter(({ isOfLabel }) => !isOfLabel)
    .flatMap(generalLimits)
    .filter(({ name, operator }) => name === "p95" && operator.startsWith("<"));
  const limit = limits.length === 0 ? undefined : Math.min(...limits.map((one) => one.limit));
  const answer = logAnswerFigure(data, limit);
  return [
    ...(answer === undefined ? [] : [answer]),
    ...logTimeFigures(data),
    ...logDistributionFigures(data),
  ];
}

/**
 * The report of logs without clients' reports, of any JMeter, as one HTML page that needs nothing else.
 *
 * @example
 * ```ts
 * const text = "timeStamp,elapsed,label,responseCode,threadName,success\n1700000000000,250,GET,200,Users 1-1,true\n";
 * const log = await readLog(new Blob([text]).stream(), "run.csv", { keepSeries: true });
 * const analysis = analyze([{ users: 1, thinkTimeSeconds: 0, repetition: 1, source: "run.csv", log }]);
 * renderLogReport(analysis).includes("<h1>What does run.csv show?</h1>"); // true
 * ```
 */
export function renderLogReport(analysis: Analysis, options: LogReportOptions = {}): string {
  const { plainLogs, summary } = analysis;
  const data = logDataOf(plainLogs, options.apdex);
  const { thresholds = [], commands } = options;
  const name = options.name ?? nameOf(data?.sources ?? []);
  const isJudged = thresholds.length > 0;
  const question = isJudged ? `Does ${name} keep its thresholds?` : `What does ${name} show?`;
  if (data === undefined)
    return renderPage({
      title: name,
      kicker: escapeHtml(name),
      question,
      first: "<p>No samples.</p>",
      sections: [],
    });
  const figures = figuresOf(data, thresholds);
  const results = isJudged ? checkPlainLogs(summary, thresholds) : [];
  const answer = figures.find(({ section }) => section === "answer");
  const { quantiles } = summary;
  const sections: readonly Section[] = [
    ...thresholdSections(results),
    ...labelSections(plainLogs, data, quantiles),
    ...errorSections(summary.errors, data.all.values.sampleCount),
    ...figureSections(figures),
    {
      ...{ id: "warnings", name: "Warnings", preview: warningsPreview(summary) },
      html: warningsSection(summary),
    },
    ...measuredSections({
      factsName: "Log",
      facts: factsOf(data),
      ...(commands !== undefined && { commands }),
    }),
  ];
  return renderPage({
    title: name,
    kicker: escapeHtml(kickerOf(name, data)),
    question,
    first: `${logAnswer(data, results, summary.errors, answer, quantiles)}${answerWarnings(summary)}`,
    sections: sections.map(foldedSection),
  });
}

/** The log's own name, or how many there are. */
function nameOf(sources: readonly string[]): string {
  const [first = "the log"] = sources.map((source) => source.split(/[/\\]/).at(-1) ?? source);
  return sources.length > 1 ? `${first} and ${sources.length - 1} more` : first;
}

const utc = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;

const kickerOf = (name: string, { time }: LogData): string => {
  if (time === undefined) return name;
  const facts = timeFacts(time);
  const [first, , duration] = facts;
  return [name, ...(duration === undefined ? [] : [first?.[1]]), facts.at(-1)?.[1]].join(" · ");
};

/** A clock that began at 0 tells no date. */
function timeFacts({ startMs, endMs }: NonNullable<LogData["time"]>): readonly (readonly [string, string])[] {
  const duration = ["Duration", formatDuration((endMs - startMs) / 1000)] as const;
  if (startMs < 1e11) return [duration];
  return [["Start", utc(startMs)], ["End", utc(endMs)], duration];
}

function factsOf({ sources, time, threads, all }: LogData): readonly (readonly [string, string])[] {
  return [
    [sources.length === 1 ? "Log" : "Logs", sources.join(", ")],
    ...(time === undefined ? [] : timeFacts(time)),
    ["Threads", threads.join(", ")],
    ["Samples", formatInteger(all.values.sampleCount)],
    [
      "Quantiles",
      "of all samples; JMeter's dashboard has those of the last 20,000 samples of each label (jmeter.reportgenerator.statistic_window)",
    ],
  ];
}
