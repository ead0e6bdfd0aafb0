import { formatCount, formatPercent } from "../core/format.ts";
import type { PredictedReplicas } from "./predict-replicas.ts";
import type { FailedCriterion, ReportedAnswer, SearchReport } from "./search-report.ts";

type Loads = Pick<SearchReport, "for">;

/** Singular and plural, of users and replicas; rates have a unit. */
const NOUNS = { users: "user", replicas: "replica" } as const;

/**
 * A number of users or replicas, or a rate.
 *
 * @example
 * ```ts
 * formatLoad(7, { for: "users" }); // "7 users"
 * formatLoad(2.5, { for: "rate" }); // "2.5 requests/s"
 * ```
 */
export const formatLoad = (load: number, { for: what }: Loads): string =>
  what === "rate" ? `${load} requests/s` : formatCount(load, NOUNS[what]);

/**
 * The answer of a search for a terminal: the number with its interval and its price, why the next one fails, and what
 * the model says beyond it.
 *
 * @example
 * ```ts
 * const state = startSearch({ goal: parseSearchGoal("p95<2s"), confidence: 0.95, tolerance: { steps: 1 } });
 * renderSearchAnswer(makeSearchReport(state, { for: "users", tolerance: "1", step: 1, cells: [] })); // ""
 * ```
 */
export function renderSearchAnswer(report: SearchReport): string {
  const { answer, prediction } = report;
  if (answer === undefined)
    return prediction?.needed === undefined ? "" : predictedReplicas(report, prediction.needed);
  const reused = report.probes.filter(({ isReused }) => isReused === true).length;
  const lines = [
    `${headline(report, answer)}, ${price(answer, reused)}.`,
    ...(answer.verdict === "undecided" ? [whatIsLeft(report, answer)] : []),
    ...(answer.limitedBy === undefined ? [] : [whyNoMore(answer.limitedBy)]),
    ...whyNextFails(report, answer),
    ...beyond(report, prediction),
    ...changedHost(report),
  ];
  return `${lines.join("\n  ")}\n`;
}

function headline(report: SearchReport, answer: ReportedAnswer): string {
  const sure = `${formatPercent(report.confidence, 0)} confident`;
  const { load, atLeast, atMost = load, between, verdict } = answer;
  if (verdict === "at-least") return `At least ${formatLoad(atLeast, report)}${goalOf(report)} (${sure})`;
  if (verdict === "undecided") {
    if (between.high === undefined)
      return `Not decided: ${report.for === "replicas" ? "at least" : "more than"} ${formatLoad(between.low, report)}`;
    const shown = [
      ...(atLeast > LEAST[report.for] ? [`at least ${atLeast}`] : []),
      ...(answer.atMost === undefined ? [] : [`at most ${answer.atMost}`]),
    ];
    const bounds = shown.length === 0 ? "neither end is shown" : `${sure}: ${shown.join(", ")}`;
    const where =
      between.low === between.high
        ? formatLoad(between.low, report)
        : `between ${between.low} and ${formatLoad(between.high, report)}`;
    return `Not decided: ${where} (${bounds})`;
  }
  const bounds = atLeast === atMost ? "exactly" : `at least ${atLeast}, at most ${atMost}`;
  return `${formatLoad(load, report)}${goalOf(report)} (${sure}: ${bounds})`;
}

/** Bounds up to this are no news. */
const LEAST = { users: 0, rate: 0, replicas: 1 } as const;

/** What replicas are for. */
const goalOf = ({ users }: SearchReport) => (users === undefined ? "" : ` for ${formatCount(users, "user")}`);

function price({ runs, seconds, sweepSeconds, verdict, load }: ReportedAnswer, reused: number): string {
  const earlier = reused === 0 ? "" : ` after ${formatCount(reused, "earlier one")}`;
  const own = `${formatCount(runs, "run")}${earlier}, ${formatDuration(seconds)}`;
  if (sweepSeconds === undefined || verdict !== "decided" || load < 1) return own;
  return `${own}; a sweep up to 1.5 times that, three runs each, would take about ${formatDuration(sweepSeconds)}`;
}

/**
 * A time in minutes, or in seconds if it is shorter.
 *
 * @example
 * ```ts
 * formatDuration(11_100); // "3 h 05 min"
 * ```
 */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

function whatIsLeft({ tolerance }: SearchReport, { moreRuns, deviationLoads }: ReportedAnswer): string {
  const noise =
    deviationLoads === undefined
      ? ""
      : ` Runs differ: from one run per load, the answer would have a standard deviation of ${deviationLoads.toPrecision(2)}, against a tolerance of ${tolerance}.`;
  return moreRuns === undefined || moreRuns === 0
    ? `The budget ended before the answer was within the tolerance.${noise}`
    : `About ${formatCount(moreRuns, "more run")} would decide: raise --budget.${noise}`;
}

const whyNoMore = (by: "generator" | "most"): string =>
  by === "most"
    ? "No greater number was tried: raise --max."
    : "The load generator was saturated beyond that: add workers to try more.";

function whyNextFails(report: SearchReport, { fails }: ReportedAnswer): readonly string[] {
  if (fails === undefined) return [];
  const verb = report.for !== "rate" && fails.load === 1 ? "fails" : "fail";
  return [
    `${formatLoad(fails.load, report)} ${verb}: ${fails.criteria.map((one) => describeFailed(one, report)).join("; ")}.`,
  ];
}

function describeFailed(failed: FailedCriterion, { criteria }: SearchReport): string {
  const { text, value, low, high, runs } = failed;
  const isTime = criteria.find((one) => one.text === text)?.kind === "time";
  const name = /^[A-Za-z0-9.]+/.exec(text)?.[0] ?? text;
  const shown = (one: number) => (isTime ? one.toPrecision(3) : formatPercent(one));
  const own = `${isTime || name === "success" ? name : "success"} ${shown(value)}${isTime ? " s" : ""}`;
  return runs === 1 ? `${own} (1 run)` : `${own} (${runs} runs: ${shown(low)} to ${shown(high)})`;
}

/** One run in twenty seems changed by chance; with more, the host was not the same all the time. */
const MAX_CHANGED_RATIO = 0.2;

function changedHost({ probes }: SearchReport): readonly string[] {
  const own = probes.filter(({ isReused }) => isReused !== true);
  const changed = own.filter(({ hasChanged }) => hasChanged === true).length;
  if (changed <= MAX_CHANGED_RATIO * own.length) return [];
  return [
    `The host changed during ${changed} of ${formatCount(own.length, "run")}: the answer is about the host as it was then. Search again on a quiet host.`,
  ];
}

function beyond(report: SearchReport, prediction: SearchReport["prediction"]): readonly string[] {
  if (prediction === undefined) return [];
  const { queueingShare, replicas } = prediction;
  const at = report.answer === undefined ? "" : `At ${formatLoad(report.answer.load, report)}, `;
  return [
    ...(queueingShare === undefined
      ? []
      : [
          `${at}${formatPercent(queueingShare, 0)} of the response time is queueing (by the queueing model).`,
        ]),
    ...(replicas === undefined ? [] : [describeReplicas(replicas)]),
  ];
}

function describeReplicas({
  count,
  conservativeUsers,
  users,
}: NonNullable<NonNullable<SearchReport["prediction"]>["replicas"]>): string {
  const range =
    conservativeUsers === users ? formatCount(users, "user") : `${conservativeUsers} to ${users} users`;
  return `${count} replicas: ${range} predicted, not measured.`;
}

function predictedReplicas(
  report: SearchReport,
  { replicas, conservativeReplicas, most }: PredictedReplicas,
): string {
  const users = goalOf(report);
  const hosts =
    "Replicas are hosts like the measured one, over which a gateway spreads requests evenly; nothing was measured with more than one.";
  if (replicas === undefined)
    return `Predicted, not measured: more than ${formatCount(most, "replica")}${users}.\n  No greater number was tried: raise --max.\n  ${hosts}\n`;
  const sure =
    conservativeReplicas === undefined
      ? `more than ${most} at the worse end of the model's 95% intervals`
      : `${conservativeReplicas} at the worse end of the model's 95% intervals`;
  return `Predicted, not measured: ${formatCount(replicas, "replica")}${users} (${sure}).\n  ${hosts}\n`;
}
