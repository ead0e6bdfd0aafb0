import type { RequestRow } from "../core/request-row.ts";
import { mean } from "../stats/mean.ts";
import { quantile } from "../stats/quantile.ts";
import type { QuantileKind } from "../stats/quantile-kind.ts";

export const GROUPINGS = ["cell", "label", "worker", "user", "payload", "minute"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Figures of some of a cell's requests: round trips of all that were sent, failed ones included. */
export interface RequestGroup {
  readonly cell: string;
  /** The label, worker, user, request or minute (0, 1, … since the repetition's first request); absent by cell. */
  readonly key?: string;
  /** By label: transaction controllers, whose times span other rows; all other groupings leave them out. */
  readonly isTransaction?: true;
  readonly sent: number;
  /** Absent if outcomes are not known. */
  readonly successful?: number;
  /** By minute: successful requests that began in it, per second of it that was measured. */
  readonly successfulPerSecond?: number;
  readonly meanSeconds: number;
  /** By their percentage, in the order asked for. */
  readonly percentilesSeconds: Readonly<Record<string, number>>;
}

const UNKNOWN = "unknown";
const MINUTE_MICROS = 60e6;

/**
 * Groups in the order of cells as given, then of keys: numbers in them by their size.
 * @param rows iterated twice by minute
 * @param kind how percentiles are estimated
 *
 * @example
 * ```ts
 * const row = { cell: "u01-t0", users: 1, repetition: 1, user: "w1-u1", sequence: 1, roundTripSeconds: 2, outcome: "ok" } as const;
 * groupRequests([row], "user", [50])[0]?.percentilesSeconds; // { p50: 2 }
 * ```
 */
export function groupRequests(
  rows: Iterable<RequestRow>,
  by: Grouping,
  percentiles: readonly number[] = [50, 90, 95, 99],
  kind: QuantileKind = "type7",
): readonly RequestGroup[] {
  const spans = by === "minute" ? measureSpans(rows) : new Map<string, Span>();
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const key = keyOf(row, by, spans);
    const isTransaction = row.isTransaction === true;
    const id = `${row.cell}\n${isTransaction}\n${key}`;
    let group = groups.get(id);
    if (group === undefined) {
      group = { cell: row.cell, key, isTransaction, seconds: [], successful: 0, unknown: 0 };
      groups.set(id, group);
    }
    group.seconds.push(row.roundTripSeconds);
    if (row.outcome === "ok") group.successful++;
    if (row.outcome === "unknown") group.unknown++;
  }
  const cells = [...new Set([...groups.values()].map(({ cell }) => cell))];
  const order = new Intl.Collator("en", { numeric: true });
  return countedGroups([...groups.values()], by)
    .sort(
      (a, b) =>
        cells.indexOf(a.cell) - cells.indexOf(b.cell) ||
        Number(a.isTransaction) - Number(b.isTransaction) ||
        order.compare(a.key, b.key),
    )
    .map((group) => {
      const seconds = by === "minute" ? measuredSeconds(group.cell, Number(group.key), spans) : 0;
      return summarize(group, by, { percentiles, kind }, seconds);
    });
}

/** Without transactions, unless they are rows of their own or all there is in a cell. */
function countedGroups(groups: readonly Group[], by: Grouping): Group[] {
  if (by === "label") return [...groups];
  const cells = new Set(groups.filter(({ isTransaction }) => !isTransaction).map(({ cell }) => cell));
  return groups.filter(({ cell, isTransaction }) => !isTransaction || !cells.has(cell));
}

interface Group {
  readonly cell: string;
  readonly key: string;
  readonly isTransaction: boolean;
  readonly seconds: number[];
  successful: number;
  unknown: number;
}

function summarize(
  { cell, key, isTransaction, seconds, ...counts }: Group,
  by: Grouping,
  { percentiles, kind }: { readonly percentiles: readonly number[]; readonly kind: QuantileKind },
  measured: number,
): RequestGroup {
  const sorted = Float64Array.from(seconds).sort();
  const successful = counts.unknown === 0 ? counts.successful : undefined;
  return {
    cell,
    ...(by !== "cell" && { key }),
    ...(by === "label" && isTransaction && { isTransaction }),
    sent: seconds.length,
    ...(successful !== undefined && { successful }),
    ...(measured > 0 && successful !== undefined && { successfulPerSecond: successful / measured }),
    meanSeconds: mean(seconds) as number,
    percentilesSeconds: Object.fromEntries(
      percentiles.map((p) => [`p${p}`, quantile(sorted, p / 100, kind)]),
    ),
  };
}

interface Span {
  readonly cell: string;
  readonly first: number;
  readonly last: number;
}

const runOf = (row: RequestRow) => `${row.cell}\n${row.repetition}`;

function measureSpans(rows: Iterable<RequestRow>): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const row of rows) {
    if (row.startEpochMicros === undefined) continue;
    const { first, last } = spans.get(runOf(row)) ?? { first: Number.POSITIVE_INFINITY, last: 0 };
    spans.set(runOf(row), {
      cell: row.cell,
      first: Math.min(first, row.startEpochMicros),
      last: Math.max(last, row.startEpochMicros + row.roundTripSeconds * 1e6),
    });
  }
  return spans;
}

/** Seconds of a minute that were measured, over the cell's repetitions. */
function measuredSeconds(cell: string, minute: number, spans: Map<string, Span>): number {
  let seconds = 0;
  for (const span of spans.values()) {
    if (span.cell !== cell) continue;
    const micros = span.last - span.first - minute * MINUTE_MICROS;
    seconds += Math.min(60, Math.max(0, micros / 1e6));
  }
  return seconds;
}

function keyOf(row: RequestRow, by: Grouping, spans: Map<string, Span>): string {
  if (by === "cell") return "";
  if (by !== "minute") return row[by] ?? UNKNOWN;
  const span = spans.get(runOf(row));
  if (span === undefined || row.startEpochMicros === undefined) return UNKNOWN;
  return String(Math.floor((row.startEpochMicros - span.first) / MINUTE_MICROS));
}
