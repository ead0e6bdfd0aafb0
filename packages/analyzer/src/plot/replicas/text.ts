import type { LogInput } from "../../analysis/log-input.ts";
import type { ReplicaLog } from "../../analysis/replica-log.ts";
import { describeCondition } from "../../core/condition.ts";
import { formatCount, formatThreeDigits } from "../../core/format.ts";
import type { FigureTable } from "../figure.ts";
import type { AxisUnit } from "../time-unit.ts";
import type { ReplicaRun } from "./data.ts";

export const TITLE = "Replicas over the run";
export const AXES = { y: "replicas" } as const;
export const NAMES = {
  ready: "replicas ready",
  wanted: "wanted by the rule",
  queued: "requests waiting at a change",
} as const;

export const timeAxis = ({ name }: AxisUnit): string => `${name} since JMeter was started`;

export const waitingText = (queued: number, at: number, { name }: AxisUnit): string =>
  `${formatCount(queued, "request")} waiting, ${at.toFixed(2)} ${name} after JMeter was started`;

export const panelTitle = (input: LogInput): string =>
  input.repetition === 1
    ? describeCondition(input)
    : `${describeCondition(input)}, repetition ${input.repetition}`;

/** `182 replica-seconds in 93 s, at most 6 at once` */
export const describeReplicas = ({ replicaSeconds, seconds, maxReplicas }: ReplicaLog): string =>
  `${formatThreeDigits(replicaSeconds)} replica-seconds in ${formatThreeDigits(seconds)} s, at most ${maxReplicas} at once`;

export function replicaNotes(runs: readonly ReplicaRun[], drawn: number): readonly string[] {
  return [
    ...(runs.length === 1 ? runs.map(({ log }) => `${describeReplicas(log)}.`) : []),
    "Replica-seconds count starting and ending replicas too.",
    ...(drawn < runs.length
      ? [`${formatCount(runs.length - drawn, "run")} of ${runs.length} not drawn.`]
      : []),
  ];
}

export const replicaTable = (runs: readonly ReplicaRun[]): FigureTable => ({
  head: ["run", "replica-seconds", "length (s)", "most replicas at once"],
  rows: runs.map(({ input, log }) => [
    panelTitle(input),
    log.replicaSeconds.toFixed(1),
    log.seconds.toFixed(1),
    String(log.maxReplicas),
  ]),
});
