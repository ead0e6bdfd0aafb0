import type { LogInput } from "../../analysis/log-input.ts";
import type { ReplicaCounts, ReplicaLog } from "../../analysis/replica-log.ts";
import type { Chart, Layer, Panel, Point, Series } from "../chart/chart.ts";
import type { ReportFigure } from "../figure.ts";
import { type AxisUnit, unitOf } from "../time-unit.ts";
import { type ReplicaRun, replicaRuns } from "./data.ts";
import { AXES, NAMES, panelTitle, replicaNotes, replicaTable, TITLE, timeAxis, waitingText } from "./text.ts";

/** Runs that are drawn, one below the other: more fill several screens. */
const MAX_PANELS = 4;
const [LEFT_PX, TOP_PX, WIDTH_PX, HEIGHT_PX, GAP_PX] = [56, 60, 690, 130, 82];
/** Above the axis' label. */
const TITLE_TOP_PX = 34;

const SERIES: readonly Series[] = [
  { name: NAMES.ready, color: 0, swatch: ["area", "line"] },
  { name: NAMES.wanted, color: 1, dash: "dashed", swatch: ["line"] },
  { name: NAMES.queued, color: 6, swatch: ["circle"] },
];

/**
 * An autoscaled function's replicas over the time of each run: those that were ready, those that its rule wanted, and
 * the requests that waited meanwhile. Undefined if no run has replicas.
 *
 * @example
 * ```ts
 * replicasFigure([]); // undefined
 * ```
 */
export function replicasFigure(inputs: readonly LogInput[]): ReportFigure | undefined {
  const runs = replicaRuns(inputs);
  if (runs.length === 0) return undefined;
  const drawn = runs.filter(({ log }) => log.changes.length > 0).slice(0, MAX_PANELS);
  return {
    section: "replicas",
    title: TITLE,
    chart: replicasChart(drawn),
    notes: replicaNotes(runs, drawn.length),
    data: replicaTable(runs),
  };
}

function replicasChart(runs: readonly ReplicaRun[]): Chart {
  const longest = Math.max(0, ...runs.map(({ log }) => endOf(log)));
  const unit = unitOf(longest);
  const panels = runs.map(
    ({ input, log }, index): Panel => ({
      ...{ title: panelTitle(input), titleTopPx: TITLE_TOP_PX },
      ...{ leftPx: LEFT_PX, widthPx: WIDTH_PX, heightPx: HEIGHT_PX },
      topPx: TOP_PX + index * (HEIGHT_PX + GAP_PX),
      x: {
        label: index === runs.length - 1 ? timeAxis(unit) : "",
        readoutLabel: timeAxis(unit),
        ...{ min: 0, max: longest / unit.seconds, isNice: false },
      },
      y: { label: AXES.y, min: 0, max: mostOf(log), isWhole: true },
      layers: layersOf(log, unit),
    }),
  );
  const heightPx = TOP_PX + runs.length * (HEIGHT_PX + GAP_PX) - GAP_PX + 50;
  return { title: TITLE, widthPx: LEFT_PX + WIDTH_PX + 14, heightPx, series: SERIES, panels };
}

const mostOf = ({ changes }: ReplicaLog) =>
  changes.reduce((most, { wanted, ready, queued }) => Math.max(most, wanted, ready, queued), 1);

/** The last change may be later than the last response: replicas without requests end. */
const endOf = ({ changes, seconds }: ReplicaLog) => Math.max(seconds, changes.at(-1)?.atSeconds ?? 0);

function layersOf(log: ReplicaLog, unit: AxisUnit): readonly Layer[] {
  const { changes } = log;
  const points = (of: (counts: ReplicaCounts) => number): readonly Point[] => {
    const last = changes.at(-1);
    return [
      ...changes.map((counts): Point => [counts.atSeconds / unit.seconds, of(counts)]),
      ...(last === undefined ? [] : [[endOf(log) / unit.seconds, of(last)] as const]),
    ];
  };
  const line = (series: number, of: (counts: ReplicaCounts) => number): Layer => ({
    series,
    mark: { kind: "line", points: points(of), isStepped: true, widthPx: 1.5, isReadable: true },
  });
  const ranges = points(({ ready }) => ready).map(([x, high]) => ({ x, low: 0, high }));
  // Known at the changes only, so no line.
  const waiting = changes
    .filter(({ queued }) => queued > 0)
    .map(({ atSeconds, queued }) => ({
      ...{ x: atSeconds / unit.seconds, y: queued },
      text: waitingText(queued, atSeconds / unit.seconds, unit),
    }));
  return [
    { series: 0, mark: { kind: "area", ranges, isStepped: true } },
    line(0, ({ ready }) => ready),
    line(1, ({ wanted }) => wanted),
    { series: 2, mark: { kind: "points", symbol: "circle", radiusPx: 2.5, points: waiting } },
  ];
}
