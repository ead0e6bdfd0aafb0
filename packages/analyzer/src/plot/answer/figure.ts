import type { Chart, Panel } from "../chart/chart.ts";
import type { ReportFigure } from "../figure.ts";
import { type AnswerPlot, answerCeiling } from "./data.ts";
import { seriesOf } from "./series.ts";
import { successPanel } from "./success-panel.ts";
import { answerNotes, answerTable, TITLE } from "./text.ts";
import { timePanel } from "./time-panel.ts";

/** Think times drawn side by side: of more, the panels become too narrow to read. */
const MAX_GROUPS = 6;
const COLUMNS = 3;

/** How one size of the figure is laid out, pixels. */
interface Layout {
  readonly widthPx: number;
  readonly columns: number;
  readonly timePx: number;
  readonly successPx: number;
}

const [LEFT_PX, RIGHT_PX, TOP_PX, BOTTOM_PX] = [44, 14, 76, 46];
const [GAP_X_PX, GAP_Y_PX, ROW_GAP_PX] = [26, 44, 62];

/**
 * The answer as a figure: response time and success over the load, the limits, and the heaviest load that keeps them. A
 * panel per think time, all with the same axes.
 *
 * @example
 * ```ts
 * const plot = { loadLabel: "virtual users", describeLoad: formatUsers, isWhole: true, limitSeconds: 1, isTimeLimit: false, limitPercent: 99 };
 * const points = [{ load: 1, verdict: "passes" as const, p95Seconds: 0.5, successPercent: 100 }];
 * answerFigure({ ...plot, groups: [{ name: "think time 0 s", points }] })?.chart.panels.length; // 2
 * ```
 */
export function answerFigure(plot: AnswerPlot): ReportFigure | undefined {
  const groups = plot.groups.filter(({ points }) => points.length > 0);
  if (groups.length === 0) return undefined;
  const drawn = { ...plot, groups: groups.slice(0, MAX_GROUPS) };
  const columns = Math.min(COLUMNS, drawn.groups.length);
  const isCapped = drawn.groups.some(({ points }) =>
    points.some(({ p95Seconds }) => p95Seconds > answerCeiling(drawn)),
  );
  return {
    section: "answer",
    title: TITLE,
    chart: answerChart(drawn, { widthPx: 760, columns, timePx: columns === 1 ? 250 : 215, successPx: 56 }),
    narrow: answerChart(drawn, { widthPx: 360, columns: 1, timePx: 190, successPx: 50 }),
    notes: answerNotes(drawn, isCapped, groups.length - drawn.groups.length),
    data: answerTable(plot),
  };
}

function answerChart(plot: AnswerPlot, layout: Layout): Chart {
  const { columns, widthPx, timePx, successPx } = layout;
  const rows = Math.ceil(plot.groups.length / columns);
  const panelPx = (widthPx - LEFT_PX - RIGHT_PX - GAP_X_PX * (columns - 1)) / columns;
  const rowPx = timePx + GAP_Y_PX + successPx;
  const panels = plot.groups.flatMap((group, index): readonly Panel[] => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const leftPx = LEFT_PX + column * (panelPx + GAP_X_PX);
    const topPx = TOP_PX + row * (rowPx + ROW_GAP_PX + BOTTOM_PX - 16);
    const isLast = index + columns >= plot.groups.length;
    const place = { leftPx, widthPx: panelPx };
    return [
      {
        ...timePanel(plot, group, { isFirst: column === 0, widthPx: panelPx }),
        ...place,
        topPx,
        heightPx: timePx,
      },
      {
        ...successPanel(plot, group, { isFirst: column === 0, isLast, widthPx: panelPx }),
        ...{ ...place, topPx: topPx + timePx + GAP_Y_PX, heightPx: successPx },
      },
    ];
  });
  const heightPx = TOP_PX + rows * rowPx + (rows - 1) * (ROW_GAP_PX + BOTTOM_PX - 16) + BOTTOM_PX;
  return { title: TITLE, widthPx, heightPx, series: seriesOf(plot), panels };
}
