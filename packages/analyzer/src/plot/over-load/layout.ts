import { endLabelRoom } from "../chart/annotations.ts";
import type { Chart, Layer, Panel, Series, SymbolName } from "../chart/chart.ts";
import type { LoadPoint } from "./data.ts";
import type { Load } from "./load.ts";
import { pointText } from "./text.ts";

/** One line of the chart: who it is and how it is drawn. */
export interface DrawnLine {
  readonly name: string;
  readonly color: number;
  readonly symbol: SymbolName;
  readonly dash?: NonNullable<Series["dash"]>;
  readonly points: readonly LoadPoint[];
}

export interface LoadChart {
  readonly title: string;
  readonly axis: string;
  readonly load: Load;
  readonly lines: readonly DrawnLine[];
  /** Upper end of the axis, if it is fixed. */
  readonly max?: number;
  readonly maxLoad: number;
  /** Name of a dashed line on which the value is the load. */
  readonly identity?: string;
}

/** Offset of a line's marks, in gaps between loads: marks of one load stand side by side, clear of the next load's. */
const beside = (index: number, count: number) => index * Math.min(0.06, 0.5 / count);

/** Lines with points and intervals over the load. */
export function loadChart(chart: LoadChart): Chart {
  const { title, axis, load, lines, max, maxLoad, identity } = chart;
  const values = lines.flatMap(({ points }) =>
    points.flatMap(({ value, interval }) => [value, interval?.high ?? value]),
  );
  const names = [...lines.map(({ name }) => name), identity ?? ""];
  const isLabelled = lines.length <= MAX_LABELLED && names.every(({ length }) => length <= MAX_NAME);
  const panel: Panel = {
    ...{ leftPx: 56, topPx: 60, heightPx: 270, widthPx: isLabelled ? 700 - endLabelRoom(names) : 690 },
    hasEndLabels: isLabelled,
    x: { label: load.label, min: 0, max: load.end(maxLoad), isWhole: load.isWhole, isNice: false },
    y: {
      label: axis,
      min: 0,
      max: max ?? Math.max(0, ...values, ...(identity === undefined ? [] : [maxLoad])),
    },
    layers: [
      ...(identity === undefined ? [] : [identityLayer(lines.length, maxLoad)]),
      ...lines.flatMap((line, index) =>
        lineLayers(line, index, beside(index, lines.length) * gapOf(chart), chart),
      ),
    ],
  };
  const series = [
    ...lines.map(
      ({ name, color, symbol, dash }): Series => ({
        ...{ name, color, swatch: ["line", symbol] },
        ...(dash && { dash }),
      }),
    ),
    ...(identity === undefined ? [] : [identitySeries(identity)]),
  ];
  return { title, widthPx: 760, heightPx: 380, series, panels: [panel], isLabelled };
}

/** Lines that are named at their ends; more have a legend. */
const MAX_LABELLED = 8;
/** Characters that fit beside the panel. */
const MAX_NAME = 20;
/** The palette's grey. */
const GREY = 6;

const identitySeries = (name: string): Series => ({
  ...{ name, color: GREY, swatch: ["line"], dash: "dashed" },
});

const identityLayer = (series: number, max: number): Layer => ({
  series,
  mark: {
    kind: "line",
    widthPx: 1,
    points: [
      [0, 0],
      [max, max],
    ],
  },
});

/** The smallest difference between loads; users differ by one. */
function gapOf({ lines, load, maxLoad }: LoadChart): number {
  if (load.isWhole) return 1;
  const loads = [...new Set(lines.flatMap(({ points }) => points.map((point) => point.load)))].sort(
    (a, b) => a - b,
  );
  return Math.min(maxLoad, ...loads.slice(1).map((one, index) => one - (loads[index] as number)));
}

function lineLayers(
  line: DrawnLine,
  series: number,
  shift: number,
  { axis, load }: LoadChart,
): readonly Layer[] {
  const { points, symbol, name } = line;
  const ranges = points.flatMap(({ load: at, interval }) =>
    interval ? [{ x: at + shift, ...interval }] : [],
  );
  const drawn = points.map((point) => ({
    x: point.load + shift,
    y: point.value,
    text: pointText(name, axis, load, point),
  }));
  return [
    { series, mark: { kind: "intervals", ranges } },
    { series, mark: { kind: "line", points: drawn.map(({ x, y }) => [x, y]) } },
    { series, mark: { kind: "points", symbol, points: drawn } },
  ];
}
