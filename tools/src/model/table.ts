import type { OpenPrediction, Prediction } from "@slbench/analyzer";
import { alignRight, columnWidths } from "@slbench/analyzer/logs";
import type { ModelAnswer } from "./answer.ts";

const DISCIPLINES = {
  sharing: "users share the host",
  "first-come": "first come, first served",
};

/** The answer as text for a terminal, 80 columns. */
export function renderModelText(answer: ModelAnswer): string {
  const { parameters, intervals, verdict, heldOut } = answer;
  const range = ({ low, high }: { low: number; high?: number }, digits: number) =>
    `${low.toFixed(digits)} … ${high === undefined ? "not seen" : high.toFixed(digits)}`;
  const lines = [
    `Verdict: ${verdict.level}`,
    ...verdict.reasons.map((reason) => `  ${reason}`),
    "",
    `Model: ${DISCIPLINES[parameters.discipline ?? "sharing"]}; variant ${answer.variant} (90 % intervals)`,
    `  service demand     ${parameters.demandSeconds.toFixed(3)} s   ${range(intervals.demandSeconds, 3)}`,
    `  effective servers  ${parameters.servers.toFixed(2)}   ${range(intervals.servers, 2)}`,
    `  contention         ${(100 * parameters.contention).toFixed(1)} % more work per further request in service`,
    `  network, gateway   ${parameters.delaySeconds.toFixed(3)} s`,
    ...answer.saturation.map(
      ({ thinkTimeSeconds, users }) =>
        `  saturation         ${users.toFixed(1)} users at think time ${thinkTimeSeconds} s`,
    ),
    `  time-outs          ${answer.hosting.reason}`,
    "",
  ];
  if (heldOut.cells.length > 0) {
    lines.push(
      `Held-out check (fitted up to ${heldOut.trainedUpToUsers} users): measured, predicted mean round trip`,
    );
    for (const cell of heldOut.cells) {
      lines.push(
        `  ${String(cell.users).padStart(4)} users, think ${cell.thinkTimeSeconds} s: ${cell.measuredSeconds.toFixed(3)} s, ${cell.predictedSeconds.toFixed(3)} s (${signed(cell.errorRatio)})`,
      );
    }
    lines.push(`  median error ${(100 * (heldOut.medianErrorRatio ?? 0)).toFixed(1)} %`, "");
  }
  lines.push("Predictions (mean round trip with 90 % interval; requests cut at the limit counted with it)");
  lines.push(...predictionRows(answer.predictions));
  if (answer.openPredictions !== undefined) {
    lines.push("", "Open loop, Poisson arrivals (mean round trip with 90 % interval, no time limit)");
    lines.push(...openRows(answer.openPredictions));
  }
  for (const { change, predictions } of answer.whatIfs)
    lines.push("", `What if ${change}`, ...predictionRows(predictions));
  if (answer.maxUsers !== undefined) {
    lines.push("", `Most users with ${answer.maxUsers.goal}`);
    for (const { thinkTimeSeconds, users, sureUsers } of answer.maxUsers.answers) {
      lines.push(
        `  think time ${thinkTimeSeconds} s: ${users} (${sureUsers} at the worse end of the interval)`,
      );
    }
  }
  if (answer.next !== undefined) {
    const { users, thinkTimeSeconds, relativeWidth } = answer.next;
    lines.push(
      "",
      `Measure next: ${users} users, think time ${thinkTimeSeconds} s (the interval there is ${(100 * relativeWidth).toFixed(0)} % of the mean wide)`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function predictionRows(predictions: readonly Prediction[]): string[] {
  const rows = predictions.map((one) => [
    String(one.users),
    String(one.thinkTimeSeconds),
    one.meanRoundTripSeconds.toFixed(3),
    `${one.interval.low.toFixed(3)} … ${one.interval.high.toFixed(3)}`,
    `${(100 * one.successRate).toFixed(1)} %`,
    one.throughputPerSecond.toFixed(3),
  ]);
  return table([["users", "think s", "mean s", "interval", "success", "frames/s"], ...rows]);
}

function openRows(predictions: readonly OpenPrediction[]): string[] {
  return table([
    ["frames/s", "busy", "mean s", "interval"],
    ...predictions.map(({ arrivalsPerSecond, utilization, meanUncutSeconds, interval }) => [
      String(arrivalsPerSecond),
      `${(100 * utilization).toFixed(0)} %`,
      meanUncutSeconds?.toFixed(3) ?? "grows without end",
      interval === undefined
        ? ""
        : `${interval.low.toFixed(3)} … ${interval.high?.toFixed(3) ?? "without end"}`,
    ]),
  ]);
}

function table(all: readonly (readonly string[])[]): string[] {
  const widths = columnWidths(all);
  return all.map((row) => alignRight(row, widths));
}

const signed = (ratio: number) => `${ratio >= 0 ? "+" : ""}${(100 * ratio).toFixed(1)} %`;

/** Predictions as CSV, one line each. */
export function renderPredictionsCsv(predictions: readonly Prediction[]): string {
  const head =
    "users,thinkTimeSeconds,meanRoundTripSeconds,intervalLow,intervalHigh,meanUncutSeconds,successRate,throughputPerSecond";
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
    ].join(","),
  );
  return `${[head, ...rows].join("\n")}\n`;
}
