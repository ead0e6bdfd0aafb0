import {
  alignRight,
  columnWidths,
  conditionKey,
  describeCondition,
  formatDecimals,
  formatPercent,
  printable,
} from "@slbench/analyzer/logs";
import {
  average,
  type ComparedFigures,
  type ComparedGroup,
  figureComparer,
  successShare,
} from "./compare-groups.ts";
import type { MeasuredLogs } from "./compare-logs.ts";
import type { MeasuredResult } from "./compare-results.ts";
import { describeFigure, WORDS } from "./render-comparison.ts";

/** One result of a trend: its cells or labels by name. */
export interface TrendSource {
  readonly name: string;
  /** ms since 1970; absent: not known, the order of the arguments counts. */
  readonly startedMs?: number;
  readonly groups: ReadonlyMap<string, NamedGroup>;
}

interface NamedGroup {
  readonly title: string;
  readonly group: ComparedGroup;
}

/** How one cell or label developed, the oldest result first. */
export interface GroupTrend {
  readonly name: string;
  readonly results: readonly TrendPoint[];
  /** The last result against all earlier ones together. */
  readonly last: ComparedFigures;
}

export interface TrendPoint {
  readonly result: string;
  /** ISO 8601; absent: not known. */
  readonly started?: string;
  /** Of a mean over runs, seconds. */
  readonly meanSeconds: number;
  readonly p95Seconds: number;
  readonly throughputPerSecond?: number;
  /** 0..1 */
  readonly success?: number;
}

export const cellsOf = ({ name, run, cells }: MeasuredResult): TrendSource => ({
  name,
  ...(run?.started !== undefined && { startedMs: Date.parse(run.started) }),
  groups: new Map(
    cells
      .filter(({ runs }) => runs.length > 0)
      .map((cell) => [conditionKey(cell), { title: describeCondition(cell), group: cell }]),
  ),
});

export const labelsOf = ({ name, startedMs, labels }: MeasuredLogs): TrendSource => ({
  name,
  ...(startedMs !== undefined && { startedMs }),
  groups: new Map(
    labels.map((label) => [
      `${label.isTransaction === true} ${label.label}`,
      { title: label.isTransaction ? `${label.label} (transaction)` : label.label, group: label },
    ]),
  ),
});

/**
 * How each cell or label that two or more results have developed.
 * @param margin ratios within it count as equivalent
 */
export function trendOf(sources: readonly TrendSource[], margin: number): readonly GroupTrend[] {
  const ordered = sources.toSorted((a, b) => (a.startedMs ?? 0) - (b.startedMs ?? 0));
  const keys = new Set(ordered.flatMap(({ groups }) => [...groups.keys()]));
  const compare = figureComparer(
    ordered.flatMap(({ groups }) => [...groups.values()].map(({ group }) => group)),
    margin,
  );
  return [...keys].flatMap((key) => {
    const own = ordered.flatMap((source) => {
      const found = source.groups.get(key);
      return found === undefined ? [] : [{ source, ...found }];
    });
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined || own.length < 2) return [];
    const earlier = { runs: own.slice(0, -1).flatMap(({ group }) => group.runs) };
    return [
      {
        name: first.title,
        results: own.map(({ source, group }) => toPoint(source, group)),
        last: compare(earlier, last.group),
      },
    ];
  });
}

function toPoint({ name, startedMs }: TrendSource, group: ComparedGroup): TrendPoint {
  const { runs } = group;
  const rates = runs.flatMap(({ throughputPerSecond: value }) => (value === undefined ? [] : [{ value }]));
  const success = successShare(group);
  return {
    result: name,
    ...(startedMs !== undefined && { started: new Date(startedMs).toISOString() }),
    meanSeconds: average(runs.map(({ mean }) => mean)),
    p95Seconds: average(runs.map(({ p95 }) => p95)),
    ...(rates.length > 0 && { throughputPerSecond: average(rates) }),
    ...(success !== undefined && { success }),
  };
}

const MAX_NAME = 30;

/** Trends as text: a table per cell or label, and what the last result shows against the earlier ones. */
export function renderTrend(trends: readonly GroupTrend[], margin: number): string {
  if (trends.length === 0) return "No cell or label is in two results.\n";
  const parts = trends.map(({ name, results, last }) => {
    const rows = [["started", "mean", "p95", "per s", "success"], ...results.map(pointRow)];
    const names = ["result", ...results.map(({ result }) => shortened(result))];
    const widths = columnWidths(rows);
    const figures = (["mean", "p95", "throughput"] as const).flatMap((figure) => {
      const found = last[figure];
      return found === undefined ? [] : [`  last ${figure}: ${describeFigure(found, WORDS[figure], margin)}`];
    });
    return [
      printable(name),
      ...rows.map((row, index) => `  ${alignRight(row, widths)}  ${names[index]}`),
      ...figures,
    ].join("\n");
  });
  return `${parts.join("\n\n")}\n\nTimes in seconds, means over runs. The last result is compared with all earlier ones together.\n`;
}

const shortened = (name: string) => (name.length > MAX_NAME ? `…${name.slice(1 - MAX_NAME)}` : name);

const pointRow = ({ started, meanSeconds, p95Seconds, throughputPerSecond, success }: TrendPoint) => [
  started?.slice(0, 16).replace("T", " ") ?? "-",
  formatDecimals(meanSeconds),
  formatDecimals(p95Seconds),
  throughputPerSecond === undefined ? "-" : throughputPerSecond.toPrecision(4),
  success === undefined ? "-" : formatPercent(success),
];
