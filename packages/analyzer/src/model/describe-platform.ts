import { formatPercent } from "../core/format.ts";
import { alignRight, columnWidths } from "../core/text-columns.ts";
import {
  type AutoscalerOptions,
  describeLoad,
  type PlatformAnswer,
  type PlatformPrediction,
} from "../queueing/index.ts";
import type { Interval } from "../stats/interval.ts";

/** Autoscaled replicas as lines for a terminal. */
export function describePlatform({ startTime, assumptions, predictions, goal }: PlatformAnswer): string[] {
  const { source, meanSeconds } = startTime;
  const start = `A replica takes ${Number(meanSeconds.toPrecision(3))} s to start (${source === "given" ? "as given" : "from the cold starts"}).`;
  const loads = [...new Set(predictions.map(({ load }) => load))];
  return [
    "",
    "Autoscaled replicas (95% intervals for one run; replica-seconds per request)",
    ...[...assumptions, start].map((sentence) => `  ${sentence}`),
    ...loads.flatMap((load) => [
      "",
      `  ${capitalized(describeLoad(load))}`,
      ...rows(predictions.filter((one) => one.load === load)),
    ]),
    ...(goal === undefined
      ? []
      : ["", `Fewest replica-seconds with ${goal.text}`, ...goal.answers.map(describeCheapest)]),
  ];
}

function describeCheapest({
  load,
  cheapest,
  isSure,
}: NonNullable<PlatformAnswer["goal"]>["answers"][number]): string {
  if (cheapest === undefined) return `  ${describeLoad(load)}: none of these settings`;
  const doubt = isSure ? "" : ", but not at the worse end of its interval";
  return `  ${describeLoad(load)}: ${describeSetting(cheapest)}${doubt}`;
}

function describeSetting({ rule, concurrency }: PlatformPrediction): string {
  return `${ruleName(rule)}, at most ${rule.maxReplicas} replicas, ${describeSlots(concurrency)}`;
}

const describeSlots = (concurrency: number) =>
  concurrency === 0 ? "no limit per replica" : `${concurrency} at a time per replica`;

/** `kpa 0.7`: with its target. */
function ruleName(rule: AutoscalerOptions): string {
  if (rule.rule === "per-request") return `per-request ${rule.keepAliveSeconds} s`;
  return rule.rule === "kpa" ? `kpa ${rule.target}` : `openfaas ${rule.by} ${rule.target}`;
}

/** Success only if some request fails. Replica-seconds are per request. */
function rows(predictions: readonly PlatformPrediction[]): string[] {
  const haveFailures = predictions.some(({ successRate }) => successRate < 1);
  const head = ["rule", "max", "p95 s", "interval", "cold", "interval", "replica-s", "interval"];
  const all = [
    [...head, ...(haveFailures ? ["success"] : [])],
    ...predictions.map((one) => [...row(one), ...(haveFailures ? [formatPercent(one.successRate)] : [])]),
  ];
  const widths = columnWidths(all);
  return all.map((cells) => `  ${alignRight(cells, widths)}`);
}

const row = (one: PlatformPrediction): readonly string[] => [
  ruleName(one.rule),
  String(one.rule.maxReplicas),
  one.p95Seconds.toFixed(2),
  seconds(one.p95Interval),
  formatPercent(one.coldShare, 0),
  `${(100 * one.coldShareInterval.low).toFixed(0)} … ${(100 * one.coldShareInterval.high).toFixed(0)}`,
  one.replicaSecondsPerRequest.toFixed(2),
  seconds(one.replicaSecondsPerRequestInterval),
];

const seconds = ({ low, high }: Interval) => `${low.toFixed(2)} … ${high.toFixed(2)}`;

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
