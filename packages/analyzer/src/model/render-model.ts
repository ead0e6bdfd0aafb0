import { describeCondition, nameArrivals } from "../core/condition.ts";
import { formatPercent, formatUsers } from "../core/format.ts";
import { alignRight, columnWidths } from "../core/text-columns.ts";
import {
  describeProcessors,
  type NextCell,
  type OpenPrediction,
  type Prediction,
} from "../queueing/index.ts";
import type { Interval } from "../stats/interval.ts";
import type { ModelAnswer } from "./answer.ts";
import { describeClasses } from "./describe-classes.ts";
import { describePlatform } from "./describe-platform.ts";
import { describeSizes } from "./describe-sizes.ts";
import { describeStations } from "./describe-stations.ts";

const DISCIPLINES = {
  sharing: "users share the host",
  "first-come": "first come, first served",
};

/** `users share the host (73%), first come, first served (27%)`: the kinds of host that explain the cells. */
function describeVariants({ variants }: ModelAnswer): string {
  return (["sharing", "first-come"] as const)
    .map((discipline) => ({
      discipline,
      weight: variants.reduce((sum, one) => sum + (one.discipline === discipline ? one.weight : 0), 0),
    }))
    .filter(({ weight }) => weight >= MIN_WEIGHT)
    .sort((a, b) => b.weight - a.weight)
    .map(({ discipline, weight }) => `${DISCIPLINES[discipline]} (${formatPercent(weight, 0)})`)
    .join(" or ");
}

const MIN_WEIGHT = 0.005;

const range = ({ low, high }: { low: number; high?: number }, digits: number) =>
  `${low.toFixed(digits)} … ${high === undefined ? "not seen" : high.toFixed(digits)}`;

/**
 * The answer as text for a terminal, 80 columns.
 *
 * @example
 * ```ts
 * const clients = (users: number, seconds: number) =>
 *   Array.from({ length: users }, (_, client) => ({
 *     roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
 *     successfulRequests: 30,
 *   }));
 * const cells = [[1, 0.5], [2, 0.6], [4, 1.2], [8, 2.4]].map(([users = 1, seconds = 1]) => ({
 *   ...{ users, thinkTimeSeconds: 0, clients: clients(users, seconds) },
 * }));
 * const answer = answerQuestions(cells, { whatIf: [], timeout: 25, seed: 1, replications: 5 });
 * renderModelText(answer).startsWith("Verdict:"); // true
 * ```
 */
export function renderModelText(answer: ModelAnswer): string {
  const { parameters, intervals, verdict, heldOut } = answer;
  const digits = secondsDigits(parameters.demandSeconds);
  const lines = [
    `Verdict: ${verdict.level} (predictions for up to ${formatUsers(verdict.upToUsers)}: ${formatPercent(verdict.expectedShare, 0)} likely within 10%)`,
    ...verdict.reasons.map((reason) => `  ${reason}`),
    "",
    `Model: ${describeVariants(answer)}; the likeliest host, with 95% intervals`,
    `  service demand     ${parameters.demandSeconds.toFixed(digits)} s   ${range(intervals.demandSeconds, digits)}`,
    ...describeSizes(answer.demandBySize).map(
      (line, index) => `  ${(index === 0 ? "demand by size" : "").padEnd(17)}  ${line}`,
    ),
    `  effective servers  ${intervals.servers.high === undefined ? "at least " : ""}${parameters.servers.toFixed(2)}   ${range(intervals.servers, 2)}`,
    `  contention         ${formatPercent(parameters.contention)} more work per further request in service`,
    ...(parameters.knee === undefined
      ? []
      : [
          `  knee               with more than ${Math.floor(parameters.knee.beyond)} requests at once, each takes ${parameters.knee.slowdown.toFixed(2)} × as long`,
        ]),
    `  delay              ${parameters.delaySeconds.toFixed(digits)} s`,
    ...(answer.processors === undefined
      ? []
      : [`  processors         ${describeProcessors(answer.processors)}`]),
    ...describeClasses(answer.classes).map(
      (line, index) => `  ${(index === 0 ? "classes" : "").padEnd(17)}  ${line}`,
    ),
    ...describeStations(answer.stations).map(
      (line, index) => `  ${(index === 0 ? "stations" : "").padEnd(17)}  ${line}`,
    ),
    ...answer.saturation.map(
      ({ thinkTimeSeconds, users, interval }) =>
        `  saturation         ${users.toFixed(1)} users at think time ${thinkTimeSeconds} s   ${range(interval, 1)}`,
    ),
    `  time-outs          ${answer.timeoutBehaviour.reason}`,
    "",
  ];
  if (heldOut.cells.length > 0) {
    lines.push(
      `Held-out check (fitted up to ${heldOut.trainedUpToUsers} users): measured, predicted mean round trip (95%)`,
    );
    for (const cell of heldOut.cells) {
      const success = [cell.measuredSuccessRate, cell.predictedSuccessRate].map((ratio) =>
        formatPercent(ratio),
      );
      lines.push(
        `  ${String(cell.users).padStart(4)} users, think ${cell.thinkTimeSeconds} s: ${cell.measuredSeconds.toFixed(digits)} s, ${cell.predictedSeconds.toFixed(digits)} s (${range(cell.interval, digits)}) ${signed(cell.errorRatio)}`,
      );
      if (success.some((share) => share !== formatPercent(1))) {
        const { low, high } = cell.successRateInterval;
        const interval = `${(100 * low).toFixed(0)} … ${(100 * high).toFixed(0)}`;
        lines.push(`       success ${success.join(", ")} (${interval})`);
      }
    }
    lines.push(`  median error ${formatPercent(heldOut.medianErrorRatio ?? 0)}`, "");
  }
  lines.push(
    "Predictions (each with its 95% interval; requests that time out count in the mean with the time limit)",
  );
  lines.push(...predictionRows(answer.predictions, digits), ...classRows(answer.predictions, digits));
  const { openPredictions = [] } = answer;
  const [open] = openPredictions;
  if (open !== undefined) {
    lines.push(
      "",
      `Open loop, ${nameArrivals(open.process)} (requests that time out count in mean and p95 with the limit)`,
    );
    lines.push(...openRows(openPredictions, digits));
  }
  if (answer.platform !== undefined) lines.push(...describePlatform(answer.platform));
  for (const { change, assumption, predictions, unclear } of answer.whatIfs) {
    lines.push("", `What if ${change}`, ...(assumption ? [assumption] : []));
    if (predictions.length > 0)
      lines.push(...predictionRows(predictions, digits), ...classRows(predictions, digits));
    if (unclear !== undefined)
      lines.push(
        `  ${unclear.reason}`,
        `  Not answered: ${unclear.conditions.map(describeCondition).join("; ")}.`,
      );
  }
  if (answer.maxUsers !== undefined) {
    lines.push("", `Most users with ${answer.maxUsers.goal}`);
    for (const { thinkTimeSeconds, users, conservativeUsers, atLeast, conservativeAtLeast } of answer.maxUsers
      .answers) {
      const most = `${atLeast ? "at least " : ""}${users}`;
      const sure = `${conservativeAtLeast ? "at least " : ""}${conservativeUsers}`;
      lines.push(`  think time ${thinkTimeSeconds} s: ${most} (${sure} at the worse end of the interval)`);
    }
  }
  if (answer.next !== undefined) {
    lines.push("", ...describeNext(answer.next));
  }
  return `${lines.join("\n")}\n`;
}

function describeNext({ separation, relativeWidth, change, ...condition }: NextCell): readonly string[] {
  const reason =
    change === undefined
      ? "the hosts that explain the cells differ most there"
      : `tells the hosts apart that disagree about ${change}`;
  return [
    `Measure next: ${describeCondition(condition)} (${reason}: ${separation.toFixed(1)} times as much as by chance)`,
    `  The interval there is ${formatPercent(relativeWidth, 0)} of the mean wide.`,
  ];
}

/** So that the shortest of the times has three figures; milliseconds at least. */
const secondsDigits = (seconds: number): number =>
  seconds > 0 ? Math.min(6, Math.max(3, 2 - Math.floor(Math.log10(seconds)))) : 3;

function predictionRows(predictions: readonly Prediction[], digits: number): string[] {
  const rows = predictions.map((one) => [
    String(one.users),
    String(one.thinkTimeSeconds),
    one.meanRoundTripSeconds.toFixed(digits),
    range(one.interval, digits),
    formatPercent(one.successRate),
    `${(100 * one.successRateInterval.low).toFixed(0)} … ${(100 * one.successRateInterval.high).toFixed(0)}`,
    one.throughputPerSecond.toFixed(3),
    range(one.throughputInterval, 3),
  ]);
  const head = ["users", "think s", "mean s", "interval", "success", "interval", "requests/s", "interval"];
  return table([head, ...rows]);
}

/** The mean round trip of each class of requests; nothing if there is one class. */
function classRows(predictions: readonly Prediction[], digits: number): string[] {
  const rows = predictions.flatMap(({ users, thinkTimeSeconds, classes = [] }) =>
    classes.map(({ name, meanRoundTripSeconds, interval }) => [
      ...[String(users), String(thinkTimeSeconds), name],
      ...[meanRoundTripSeconds.toFixed(digits), range(interval, digits)],
    ]),
  );
  return rows.length === 0
    ? []
    : ["", ...table([["users", "think s", "requests", "mean s", "interval"], ...rows])];
}

function openRows(predictions: readonly OpenPrediction[], digits: number): string[] {
  const percent = ({ low, high }: Interval) => `${(100 * low).toFixed(0)} … ${(100 * high).toFixed(0)}`;
  const head = [
    "requests/s",
    "for s",
    "busy",
    "interval",
    "mean s",
    "interval",
    "p95 s",
    "success",
    "interval",
  ];
  return table([
    head,
    ...predictions.map((one) => [
      String(one.arrivalsPerSecond),
      one.seconds.toFixed(0),
      formatPercent(one.utilization, 0),
      percent(one.utilizationInterval),
      one.meanRoundTripSeconds.toFixed(digits),
      range(one.interval, digits),
      one.percentiles.find(({ name }) => name === "p95")?.seconds.toFixed(digits) ?? "",
      formatPercent(one.successRate),
      percent(one.successRateInterval),
    ]),
  ]);
}

function table(all: readonly (readonly string[])[]): string[] {
  const widths = columnWidths(all);
  return all.map((row) => alignRight(row, widths));
}

const signed = (ratio: number) => `${ratio >= 0 ? "+" : ""}${formatPercent(ratio)}`;

/**
 * Predictions as CSV, one line each; columns are only ever added at the end.
 *
 * @example
 * ```ts
 * renderPredictionsCsv([]).startsWith("users,thinkTimeSeconds"); // true
 * ```
 */
export function renderPredictionsCsv(predictions: readonly Prediction[]): string {
  const head =
    "users,thinkTimeSeconds,meanRoundTripSeconds,intervalLow,intervalHigh,meanUncutSeconds,successRate,throughputPerSecond," +
    "meanUncutLow,meanUncutHigh,successRateLow,successRateHigh,throughputLow,throughputHigh";
  const rows = predictions.map((one) =>
    [
      one.users,
      one.thinkTimeSeconds,
      one.meanRoundTripSeconds,
      one.interval.low,
      one.interval.high,
      one.meanUncutSeconds,
      one.successRate,
      one.throughputPerSecond,
      one.meanUncutInterval.low,
      one.meanUncutInterval.high,
      one.successRateInterval.low,
      one.successRateInterval.high,
      one.throughputInterval.low,
      one.throughputInterval.high,
    ].join(","),
  );
  return `${[head, ...rows].join("\n")}\n`;
}
