import { formatCount, formatInteger, formatPercent, formatThreeDigits } from "../../core/format.ts";
import type { ErrorType } from "../../log/error-types.ts";
import type { ReportFigure } from "../../plot/figure.ts";
import type { QuantileKind } from "../../stats/quantile-kind.ts";
import type { ThresholdResult } from "../../thresholds/threshold.ts";
import { renderFigure } from "../figure-html.ts";
import { describeError } from "../labels.ts";
import { escapeHtml } from "../markup.ts";
import { tile } from "../sections/key-figures.ts";
import { describeAllHold } from "../text.ts";
import type { LogData } from "./log-data.ts";
import { describeApdex, describeHits } from "./tables.ts";

/** The log's figures in one large line with its verdict, the figure over time, and four numbers. */
export function logAnswer(
  data: LogData,
  results: readonly ThresholdResult[],
  errors: readonly ErrorType[],
  figure: ReportFigure | undefined,
  kind: QuantileKind | undefined,
): string {
  const { color, word, line, more } = verdictOf(data, results, kind);
  const drawing = figure === undefined ? "" : `<div class="shown">${renderFigure(figure)}</div>`;
  return `<ul class="answers"><li class="${color}${line.length > MAX_LARGE ? " long" : ""}"><b>${escapeHtml(line)}</b> <span class="pill">${word}</span></li></ul>
<p class="certainty">${escapeHtml(more)}</p>
<div class="first${figure === undefined ? " bare" : ""}">${drawing}${numbers(data, errors, kind)}</div>
${errorNotice(errors)}`;
}

/** A longer line is set smaller, to stay one line. */
const MAX_LARGE = 24;

interface Verdict {
  readonly color: string;
  readonly word: string;
  readonly line: string;
  readonly more: string;
}

function verdictOf(
  { all }: LogData,
  results: readonly ThresholdResult[],
  kind: QuantileKind | undefined,
): Verdict {
  const { samples, elapsedSeconds } = all.values.figures(0, kind, all.errors);
  const count = (wanted: ThresholdResult["verdict"]) => results.filter(({ verdict }) => verdict === wanted);
  const [failed, undecided] = [count("fail"), count("undecided")];
  const facts = `95% within ${formatThreeDigits(elapsedSeconds.p95 ?? 0)} s, ${errorShare(all.errors, samples)} errors`;
  if (results.length === 0) {
    const more = `No limits are set, so nothing passes or fails. Set some: --threshold 'p95<1s' --threshold 'errors<1%'`;
    return { color: "muted", word: "No limits set", line: facts, more };
  }
  const broken = failed.map(
    ({ threshold, samples: of, found }) =>
      `${threshold}${of?.label === undefined ? "" : ` of ${of.label}`}: ${found}`,
  );
  if (failed.length > 0) {
    const line = `${failed.length} of ${results.length} ${results.length === 1 ? "threshold fails" : "thresholds fail"}`;
    return { color: "fail", word: "✕ Fails", line, more: broken.join("; ") };
  }
  if (undecided.length > 0)
    return {
      color: "undecided",
      word: "? Undecided",
      line: `${undecided.length} of ${results.length} thresholds are not decided`,
      more: facts,
    };
  return {
    ...{ color: "pass", word: "✓ Passes", more: facts },
    line: describeAllHold(results.length),
  };
}

function numbers(
  { all, apdex: limits, threads, time }: LogData,
  errors: readonly ErrorType[],
  kind: QuantileKind | undefined,
): string {
  const { samples, elapsedSeconds: times, throughputPerSecond } = all.values.figures(0, kind, all.errors);
  const apdex = all.values.apdex(limits);
  const seconds = (value: number | undefined) =>
    value === undefined ? "?" : `${formatThreeDigits(value)} s`;
  const duration = time === undefined ? "" : ` in ${formatDuration((time.endMs - time.startMs) / 1000)}`;
  const count = `${formatCount(samples, "sample")}${duration}, ${formatThreads(threads)}`;
  const [first] = errors;
  const often = first === undefined ? "" : `, most often ${describeError(first)}`;
  return `<dl class="numbers">${tile(
    throughputPerSecond === undefined ? formatInteger(samples) : formatRate(throughputPerSecond),
    throughputPerSecond === undefined ? "samples" : "samples per second",
    "throughput",
    small(count),
  )}${tile(
    formatThreeDigits(times.p95 ?? 0),
    "s",
    "95th percentile of the response time",
    small(`median ${seconds(times.median)}, p99 ${seconds(times.p99)}, longest ${seconds(times.max)}`),
  )}${tile(
    errorShare(all.errors, samples),
    "",
    "errors",
    small(`${formatInteger(all.errors)} of ${formatInteger(samples)}${often}`),
  )}${Number.isNaN(apdex) ? "" : tile(apdex.toFixed(2), "", "Apdex", small(describeApdex(limits)))}</dl>`;
}

/** `0%` only if there was none. */
const errorShare = (errors: number, samples: number) =>
  errors === 0 ? "0%" : formatPercent(errors / samples, errors / samples < 0.1 ? 2 : 1);

/** `200 threads`, or `1 to 10 threads` of several logs. @param threads ascending */
function formatThreads(threads: readonly number[]): string {
  const [least = 0, most = least] = [threads[0], threads.at(-1)];
  return least === most ? formatCount(least, "thread") : `${least} to ${formatCount(most, "thread")}`;
}

const small = (text: string) => `<small>${escapeHtml(text)}</small>`;
const formatRate = (rate: number) =>
  rate >= 100 ? formatInteger(Math.round(rate)) : String(Number(rate.toPrecision(3)));

/**
 * `42 s`, `30 min`, `2 h 5 min`.
 *
 * @param seconds rounded to the smallest unit shown
 */
export function formatDuration(seconds: number): string {
  if (seconds < 120) return `${Number(seconds.toPrecision(3))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? "" : ` ${rest} min`}`;
}

/** Types of errors that the first screen names. */
const NAMED_ERRORS = 3;

function errorNotice(errors: readonly ErrorType[]): string {
  if (errors.length === 0) return "";
  const lines = errors
    .slice(0, NAMED_ERRORS)
    .map(
      (error) =>
        `<li>${escapeHtml(`${describeError(error)}: ${formatInteger(error.count)} (${formatPercent(error.shareRatio, 0)} of the errors), ${describeHits(error)}`)}</li>`,
    );
  const more = errors.length - lines.length;
  const link = more > 0 ? `<li><a href="#errors">${more} more ${more === 1 ? "type" : "types"}</a></li>` : "";
  return `<aside class="notice" aria-label="Errors"><b>What failed</b><ul>${lines.join("")}${link}</ul></aside>`;
}
