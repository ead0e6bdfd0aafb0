import type { Chart, Layer, Panel, Series, SymbolName } from "../chart/chart.ts";
import type { UsersPoint } from "./data.ts";
import { pointText } from "./text.ts";

/** One line of the chart: who it is and how it is drawn. */
export interface DrawnLine {
  readonly name: string;
  readonly color: number;
  readonly symbol: SymbolName;
  readonly dash?: NonNullable<Series["dash"]>;
  readonly points: readonly UsersPoint[];
}

/** Marks of one number of users stand beside each other, and clear of the next number's. */
const beside = (index: number, count: number) => index * Math.min(0.06, 0.5 / count);

export interface UsersChart {
  readonly title: string;
  readonly axis: string;
  readonly lines: readonly DrawnLine[];
  /** Upper end of the axis, if it is fixed. */
  readonly max?: number;
  readonly maxUsers: number;
}

/** Lines with points and intervals over the number of users. */
export function usersChart({ title, axis, lines, max, maxUsers }: UsersChart): Chart {
  const values = lines.flatMap(({ points }) =>
    points.flatMap(({ value, interval }) => [value, interval?.high ?? value]),
  );
  const panel: Panel = {
    ...{ leftPx: 70, topPx: 45, widthPx: 660, heightPx: 305 },
    x: { label: "virtual users", min: 0, max: maxUsers + 1, isWhole: true, isNice: false },
    y: { label: axis, min: 0, max: max ?? Math.max(0, ...values) },
    layers: lines.flatMap((line, index) => lineLayers(line, index, beside(index, lines.length), axis)),
  };
  const series = lines.map(
    ({ name, color, symbol, dash }): Series => ({
      name,
      color,
      swatch: ["line", symbol],
      ...(dash && { dash }),
    }),
  );
  return { title, widthPx: 760, heightPx: 400, series, panels: [panel] };
}

function lineLayers(line: DrawnLine, series: number, shift: number, axis: string): readonly Layer[] {
  const { points, symbol, name } = line;
  const ranges = points.flatMap(({ users, interval }) =>
    interval ? [{ x: users + shift, ...interval }] : [],
  );
  const drawn = points.map((point) => ({
    x: point.users + shift,
    y: point.value,
    text: pointText(name, axis, point),
  }));
  return [
    { series, mark: { kind: "intervals", ranges } },
    { series, mark: { kind: "line", points: drawn.map(({ x, y }) => [x, y]) } },
    { series, mark: { kind: "points", symbol, points: drawn } },
  ];
}
