import type { ReplicaCounts, ReplicaUse } from "@slbench/analyzer/logs";
import type { ReplicaChange } from "@slbench/handler";
import type { TimeSpan } from "./load-samples.ts";

const COUNTS = ["wanted", "ready", "starting", "ending", "queued"] as const;

/** The changes within a time; the first one is the state at its start. */
export function changesWithin(
  changes: readonly ReplicaChange[],
  { fromMs, toMs }: TimeSpan,
): readonly ReplicaChange[] {
  const fromMicros = fromMs * 1000;
  const before = changes.findLast(({ epochMicros }) => epochMicros <= fromMicros);
  return [
    ...(before === undefined ? [] : [{ ...before, epochMicros: fromMicros }]),
    ...changes.filter(({ epochMicros }) => epochMicros > fromMicros && epochMicros <= toMs * 1000),
  ];
}

/** @example Two replicas for 10 s, then one for 5 s: 25 replica-seconds, at most 2, within 15 s. */
export function summarizeReplicas(changes: readonly ReplicaChange[], span: TimeSpan): ReplicaUse {
  const within = changesWithin(changes, span);
  const existing = ({ ready, starting, ending }: ReplicaChange) => ready + starting + ending;
  const microSeconds = within.reduce((sum, change, index) => {
    const until = within[index + 1]?.epochMicros ?? span.toMs * 1000;
    return sum + existing(change) * (until - change.epochMicros);
  }, 0);
  return {
    replicaSeconds: microSeconds / 1e6,
    maxReplicas: Math.max(0, ...within.map(existing)),
    seconds: Math.round(span.toMs - span.fromMs) / 1000,
  };
}

/** replicas.csv of a cell: a row per change. */
export function renderReplicas(changes: readonly ReplicaChange[]): string {
  const rows = changes.map((change) =>
    [Math.round(change.epochMicros), ...COUNTS.map((name) => change[name])].join(","),
  );
  return [["epochMicros", ...COUNTS].join(","), ...rows, ""].join("\n");
}

/** Reads what renderReplicas() wrote: changes by the time since the first one. Rows that are damaged are left out. */
export function parseReplicas(text: string): readonly ReplicaCounts[] {
  const rows = text
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number))
    .filter((row) => row.length === 1 + COUNTS.length && row.every(Number.isFinite));
  const begin = rows[0]?.[0] ?? 0;
  return rows.map(([epochMicros = 0, wanted = 0, ready = 0, starting = 0, ending = 0, queued = 0]) => ({
    atSeconds: (epochMicros - begin) / 1e6,
    ...{ wanted, ready, starting, ending, queued },
  }));
}
