import { endLabelRoom } from "../chart/annotations.ts";
import type { Chart, Layer, LineMark, Panel, Point, Range, Series } from "../chart/chart.ts";
import type { ReportFigure } from "../figure.ts";
import { BEYOND_NOTE, linesTable } from "./text.ts";

/** A line of a figure. */
export interface DrawnLine {
  readonly name: string;
  readonly color: Series["color"];
  readonly points: readonly Point[];
  /** The area below it is filled. */
  readonly isFilled?: boolean;
  /** Each value's interval, in the points' order; undefined breaks the band. */
  readonly band?: readonly (Range | undefined)[];
}

/** Names longer than this have a legend. */
const MAX_NAME = 20;
const MAX_LABELLED = 5;

/** One panel of lines over a common axis. */
export interface LineFigure {
  readonly title: string;
  readonly section: ReportFigure["section"];
  readonly x: { readonly label: string; readonly max: number };
  readonly axis: string;
  readonly lines: readonly DrawnLine[];
  /** Upper end of the axis; values beyond it are drawn at its edge. */
  readonly max?: number;
  readonly notes: readonly string[];
}

/** A figure of lines, each named at its end if the names are short. */
export function lineFigure({
  title,
  section,
  x,
  axis,
  lines: all,
  max = highest(all),
  notes,
}: LineFigure): ReportFigure {
  const lines = all.filter(({ points }) => points.some(([, y]) => Number.isFinite(y)));
  const isLabelled = lines.length <= MAX_LABELLED && lines.every(({ name }) => name.length <= MAX_NAME);
  const panel: Panel = {
    ...{
      leftPx: 56,
      topPx: 60,
      heightPx: 230,
      widthPx: isLabelled ? 700 - endLabelRoom(lines.map(({ name }) => name)) : 690,
    },
    x: { label: x.label, min: 0, max: x.max, isNice: false },
    y: { label: axis, min: 0, max },
    layers: lines.flatMap((line, series) => lineLayers(line, series, max)),
    hasEndLabels: isLabelled,
  };
  const chart: Chart = {
    ...{ title, widthPx: 760, heightPx: 340, panels: [panel], isLabelled },
    series: lines.map(({ name, color }) => ({ name, color, swatch: ["line"] })),
  };
  const beyond = max < highest(lines) ? [BEYOND_NOTE] : [];
  return { title, section, chart, notes: [...notes, ...beyond], data: linesTable(x.label, lines) };
}

/** All values of some lines, and the upper ends of their bands. */
export const valuesOf = (lines: readonly DrawnLine[]): readonly number[] =>
  lines.flatMap(({ points, band = [] }) => [
    ...points.map(([, y]) => y),
    ...band.map((range) => range?.high ?? Number.NaN),
  ]);

/** The largest value of some lines. */
export const highest = (lines: readonly DrawnLine[]): number =>
  lines.reduce(
    (max, { points }) => points.reduce((most, [, y]) => (Number.isNaN(y) ? most : Math.max(y, most)), max),
    0,
  );

/** A line, with its band or what is filled below it. @param max values beyond it are drawn at the upper edge */
export function lineLayers(
  { points: all, isFilled, band = [] }: DrawnLine,
  series: number,
  max = Number.POSITIVE_INFINITY,
): readonly Layer[] {
  const points = all.map(([x, y]): Point => [x, Math.min(y, max)]);
  const ranges = points.filter(([, y]) => !Number.isNaN(y)).map(([x, high]) => ({ x, low: 0, high }));
  const bands = piecesOf(band).map((piece) =>
    piece.map(({ x, low, high }): Range => ({ x, low: Math.min(low, max), high: Math.min(high, max) })),
  );
  return [
    ...bands.map((piece): Layer => ({ series, mark: { kind: "area", ranges: piece } })),
    ...(isFilled === true ? [{ series, mark: { kind: "area", ranges } } as const] : []),
    ...strokes(points, band).map((stroke): Layer => ({ series, mark: { kind: "line", ...stroke } })),
  ];
}

/** A band that reaches over more than this factor leaves the value unknown. */
const WIDE = 3;
export const isWide = (range: Range | undefined): boolean =>
  range !== undefined && range.high > WIDE * range.low;

/** The line, pale where its values are as good as unknown. */
function strokes(
  points: readonly Point[],
  band: readonly (Range | undefined)[],
): readonly Omit<LineMark, "kind">[] {
  const isUnknown = points.map((_, index) => isWide(band[index]));
  const whole = { points, isReadable: true };
  if (!isUnknown.includes(true)) return [{ ...whole, widthPx: 1.5 }];
  const known = points.map(([x, y], index): Point => [x, isUnknown[index] === true ? Number.NaN : y]);
  return [
    { points: known, widthPx: 1.5 },
    { ...whole, widthPx: 1, opacity: 0.3 },
  ];
}

/** The pieces of a band between values without an interval. */
function piecesOf(band: readonly (Range | undefined)[]): readonly (readonly Range[])[] {
  const pieces: Range[][] = [[]];
  for (const range of band) {
    if (range === undefined) pieces.push([]);
    else pieces.at(-1)?.push(range);
  }
  return pieces.filter(({ length }) => length > 1);
}
