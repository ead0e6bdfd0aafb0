import type { Chart, Layer, Panel, Series } from "../chart/chart.ts";
import type { MeasuredCell, ReportFigure } from "../figure.ts";
import { thinkName } from "../text.ts";
import { type Multiple, type Multiples, multiplesOf } from "./data.ts";
import { AXES, INNER_NAMES, multiplesNotes, panelTitle, ROUND_TRIP, TITLE } from "./text.ts";

const WIDTH_PX = 1000;
const [LEFT_PX, TOP_PX, RIGHT_PX, BOTTOM_PX] = [40, 72, 8, 44];
const [GAP_X_PX, GAP_Y_PX, PANEL_PX] = [12, 54, 110];
/** One panel is not as wide as the page. */
const MAX_PANEL_PX = 240;
/** Width of a digit below an axis, with room to spare. */
const DIGIT_PX = 8;

const seriesOf = ({ inner }: Multiples): readonly Series[] => [
  { name: ROUND_TRIP, color: "accent", swatch: ["line"] },
  ...(inner === undefined
    ? []
    : [{ name: INNER_NAMES[inner], color: 2, swatch: ["line"] } as const satisfies Series]),
];

/**
 * Every request of every cell on one screen: a row per think time, a panel per number of users. Undefined without a
 * request.
 *
 * @example
 * ```ts
 * requestMultiples([]); // undefined
 * ```
 */
export function requestMultiples(cells: readonly MeasuredCell[]): ReportFigure | undefined {
  const multiples = multiplesOf(cells);
  if (multiples === undefined) return undefined;
  return {
    section: "requests",
    title: TITLE,
    chart: multiplesChart(multiples),
    notes: multiplesNotes(multiples),
  };
}

function multiplesChart(multiples: Multiples): Chart {
  const { rows } = multiples;
  const columns = Math.max(...rows.map((row) => row.length));
  const roomPx = (WIDTH_PX - LEFT_PX - RIGHT_PX - GAP_X_PX * (columns - 1)) / columns;
  const widthPx = Math.min(MAX_PANEL_PX, roomPx);
  const panels = rows.flatMap((row, down) =>
    row.flatMap((multiple, across): readonly Panel[] => {
      if (multiple === undefined) return [];
      const isFirst = row.findIndex((one) => one !== undefined) === across;
      return [
        {
          ...panelOf(multiple, multiples, { widthPx, isFirst, isLast: down === rows.length - 1 }),
          ...{
            leftPx: LEFT_PX + across * (widthPx + GAP_X_PX),
            topPx: TOP_PX + down * (PANEL_PX + GAP_Y_PX),
          },
          heightPx: PANEL_PX,
        },
      ];
    }),
  );
  return {
    title: TITLE,
    widthPx: Math.ceil(LEFT_PX + columns * (widthPx + GAP_X_PX) - GAP_X_PX + RIGHT_PX),
    heightPx: TOP_PX + rows.length * (PANEL_PX + GAP_Y_PX) - GAP_Y_PX + BOTTOM_PX,
    series: seriesOf(multiples),
    panels,
  };
}

function panelOf(
  multiple: Multiple,
  { longestSeconds, endSeconds, lastRequest }: Multiples,
  {
    widthPx,
    isFirst,
    isLast,
  }: { readonly widthPx: number; readonly isFirst: boolean; readonly isLast: boolean },
): Omit<Panel, "leftPx" | "topPx" | "heightPx"> {
  const { lines, think } = multiple;
  const opacity = Math.max(0.35, 1 / Math.sqrt(Math.max(1, lines.length)));
  const layer = (series: number, points: (typeof lines)[number]["roundTrip"]): Layer => ({
    series,
    mark: {
      ...{ kind: "line", widthPx: 1, opacity },
      points: points.map(([number, seconds]) => [number, Math.min(seconds, endSeconds)] as const),
    },
  });
  return {
    ...{ widthPx, title: panelTitle(multiple) },
    x: {
      ...{ label: isFirst && isLast ? AXES.x : "", readoutLabel: AXES.x, hasTickLabels: isLast },
      ...{ min: 1, max: Math.max(2, lastRequest), isWhole: true, isNice: false },
      tickCount: Math.min(3, Math.floor(widthPx / (20 + DIGIT_PX * String(lastRequest).length))),
    },
    y: {
      ...{ label: "", readoutLabel: AXES.y, hasTickLabels: isFirst },
      ...{ min: 0, max: endSeconds, isNice: endSeconds === longestSeconds, tickCount: 3 },
    },
    layers: [
      ...lines.map(({ roundTrip }) => layer(0, roundTrip)),
      ...lines.flatMap(({ inner }) => (inner.some(([, seconds]) => seconds > 0) ? [layer(1, inner)] : [])),
    ],
    ...(isFirst && {
      labels: [
        {
          ...{ x: 1, y: Number.POSITIVE_INFINITY, color: "muted", shiftPx: [0, -30] },
          text: `${thinkName(think)}, ${AXES.y}`,
        },
      ],
    }),
  };
}
