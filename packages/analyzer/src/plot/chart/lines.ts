import type { AreaMark, IntervalsMark, LineMark, Point, Series } from "./chart.ts";
import { DASH_ARRAYS } from "./palette.ts";
import type { Scale } from "./scales.ts";
import { element, px } from "./svg.ts";

const written = (points: readonly Point[]) => points.map(([x, y]) => `${px(x)},${px(y)}`).join(" ");

/** A polyline per unbroken piece; a piece of a single point is a dot. */
export function renderLine(mark: LineMark, series: Series, x: Scale, y: Scale): string {
  const pieces = unbroken(mark.points).map((piece) => {
    const points = (mark.isStepped ? stepped(piece) : piece).map(
      ([at, value]): Point => [x.at(at), y.at(value)],
    );
    const drawn = points.length === 1 ? [...points, ...points] : points;
    return element("polyline", { class: mark.isReadable ? "read" : undefined, points: written(drawn) });
  });
  const style = {
    fill: "none",
    "stroke-width": String(mark.widthPx ?? 2),
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "stroke-opacity": mark.opacity === undefined ? undefined : String(mark.opacity),
    "stroke-dasharray": series.dash && DASH_ARRAYS[series.dash],
  };
  return pieces.length === 0 ? "" : element("g", style, ...pieces);
}

/** The pieces of a line between points that have no value. */
export function unbroken(points: readonly Point[]): readonly (readonly Point[])[] {
  const pieces: Point[][] = [[]];
  for (const point of points) {
    if (Number.isNaN(point[1])) pieces.push([]);
    else pieces.at(-1)?.push(point);
  }
  return pieces.filter((piece) => piece.length > 0);
}

/** Each value holds until the next one. */
const stepped = (points: readonly Point[]): readonly Point[] =>
  points.flatMap((point, index): readonly Point[] => {
    const before = points[index - 1];
    return before === undefined ? [point] : [[point[0], before[1]], point];
  });

/** The area between a lower and an upper line. */
export function renderArea({ ranges, isStepped }: AreaMark, x: Scale, y: Scale): string {
  const edge = (value: (range: (typeof ranges)[number]) => number): readonly Point[] => {
    const points = ranges.map((range): Point => [range.x, value(range)]);
    return (isStepped ? stepped(points) : points).map(([at, one]) => [x.at(at), y.at(one)]);
  };
  const outline = [...edge(({ high }) => high), ...[...edge(({ low }) => low)].reverse()];
  return element("polygon", {
    class: "area",
    stroke: "none",
    "fill-opacity": "0.18",
    points: written(outline),
  });
}

/** Bars from the lower to the upper end of intervals, in one path. */
export function renderIntervals({ ranges }: IntervalsMark, x: Scale, y: Scale): string {
  const bars = ranges.map((range) => {
    const at = px(x.at(range.x));
    return `M${at} ${px(y.at(range.low))}V${px(y.at(range.high))}`;
  });
  if (bars.length === 0) return "";
  const style = { fill: "none", "stroke-width": "1.5", "stroke-opacity": "0.8" };
  return element("path", { class: "interval", d: bars.join(""), ...style });
}
