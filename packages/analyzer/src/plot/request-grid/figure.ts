import type { Chart, Panel, Series } from "../chart/chart.ts";
import { dashOfRound } from "../chart/palette.ts";
import type { MeasuredCell, ReportFigure } from "../figure.ts";
import { type Column, type GridScales, type RequestGrid, requestGridsOf, type TimeName } from "./data.ts";
import { gridTable } from "./table.ts";
import { chartTitle, columnTitle, gridNotes, gridTitle, lineName, REQUEST_AXIS, TIME_NAMES } from "./text.ts";
import { thin } from "./thin.ts";

/**
 * The publication's grids, for at most twelve numbers of users.
 *
 * @example
 * ```ts
 * requestGrids([]).length; // 0
 * ```
 */
export function requestGrids(cells: readonly MeasuredCell[]): readonly ReportFigure[] {
  return requestGridsOf(cells).map((grid) => {
    const { data, notes } = gridTable(grid.columns, grid.times);
    return {
      section: "requests",
      title: gridTitle(grid.users),
      chart: gridChart(grid),
      notes: [...gridNotes(grid), ...notes],
      data,
    };
  });
}

const WIDTH_PX = 960;
const [LEFT_PX, TOP_PX, RIGHT_PX, BOTTOM_PX] = [56, 76, 12, 48];
const [GAP_X_PX, GAP_Y_PX, ROW_PX] = [30, 38, 125];
/** A column's title stands above the label of its first row. */
const TITLE_TOP_PX = 32;
/** With more columns the words do not fit above each. */
const MAX_WIDE_COLUMNS = 5;

/**
 * Round trip, handler and ML time by the request's number, for one number of users: a column per think time, a line
 * per user. A row has one scale.
 */
function gridChart({ users, columns, times, scales }: RequestGrid): Chart {
  const isNarrow = columns.length > MAX_WIDE_COLUMNS;
  const widthPx = (WIDTH_PX - LEFT_PX - RIGHT_PX - GAP_X_PX * (columns.length - 1)) / columns.length;
  const panels = columns.flatMap((column, index) =>
    times.map((_, row): Panel => {
      const panel = gridPanel(column, row, { isFirst: index === 0, times, scales });
      const place = {
        leftPx: LEFT_PX + index * (widthPx + GAP_X_PX),
        topPx: TOP_PX + row * (ROW_PX + GAP_Y_PX),
      };
      return {
        ...panel,
        ...place,
        widthPx,
        ...(row === 0 && { title: columnTitle(column, isNarrow), titleTopPx: TITLE_TOP_PX }),
      };
    }),
  );
  return {
    title: chartTitle(users, isNarrow),
    widthPx: WIDTH_PX,
    heightPx: TOP_PX + times.length * (ROW_PX + GAP_Y_PX) - GAP_Y_PX + BOTTOM_PX,
    series: gridSeries(columns),
    panels,
  };
}

/** One row of one column, its place still open. Scales and labels stand at the outermost panels only. */
function gridPanel(
  { traces }: Column,
  row: number,
  {
    isFirst,
    times,
    scales,
  }: { readonly isFirst: boolean; readonly times: readonly TimeName[]; readonly scales: GridScales },
): Omit<Panel, "leftPx" | "topPx" | "widthPx"> {
  const isLast = row === times.length - 1;
  const name = TIME_NAMES[times[row] as TimeName];
  return {
    heightPx: ROW_PX,
    x: {
      ...{ label: isLast ? REQUEST_AXIS : "", readoutLabel: REQUEST_AXIS, hasTickLabels: isLast },
      ...{ min: 1, max: Math.max(2, scales.lastRequest), isWhole: true, isNice: false },
    },
    y: {
      ...{ label: isFirst ? name : "", readoutLabel: name, hasTickLabels: isFirst },
      ...{ min: 0, max: scales.rows[row] as number },
    },
    layers: traces.map(({ numbers, rows }, series) => ({
      series,
      mark: {
        ...{ kind: "line", widthPx: 1.2, opacity: 0.85, isReadable: true },
        points: thin(numbers, rows[row] ?? []),
      },
    })),
  };
}

function gridSeries(columns: readonly Column[]): readonly Series[] {
  const count = Math.max(0, ...columns.map(({ traces }) => traces.length));
  return Array.from({ length: count }, (_, color): Series => {
    const dash = dashOfRound(color);
    return { name: lineName(columns, color, dash), color, swatch: ["line"], ...(dash && { dash }) };
  });
}
