import { formatUsers } from "../../core/format.ts";
import type { Chart, NumberAxis, Panel } from "../chart/chart.ts";
import type { MeasuredCell, ReportFigure } from "../figure.ts";
import {
  beyondEnd,
  boxOf,
  cutCurve,
  distributionAxis,
  distributionsOf,
  type SortedCell,
  shareCurve,
  type ThinkDistribution,
} from "./data.ts";
import { AXES, boxText, distributionNotes, distributionTable, distributionTitle } from "./text.ts";

/**
 * Distribution of the round trips: a picture per think time, a curve per number of users, failed requests included.
 *
 * @example
 * ```ts
 * distributionFigures([]).length; // 0
 * ```
 */
export function distributionFigures(cells: readonly MeasuredCell[]): readonly ReportFigure[] {
  const all = distributionsOf(cells);
  const axis = distributionAxis(all);
  return all.map((own) => ({
    section: "distribution" as const,
    title: distributionTitle(own),
    chart: distributionChart(own, axis),
    notes: distributionNotes(own, beyondEnd(own, axis.max)),
    data: distributionTable(own),
  }));
}

const [LEFT_PX, TOP_PX, WIDTH_PX] = [56, 60, 690];
const [CURVES_PX, GAP_PX, BOX_PX] = [190, 40, 18];

function boxWithin(cell: SortedCell, endSeconds: number) {
  const [low, lower, middle, upper, high] = boxOf(cell);
  const within = (seconds: number) => Math.min(seconds, endSeconds);
  return [within(low), within(lower), within(middle), within(upper), within(high)] as const;
}

/** Curves above, boxes below on the same scale. */
function distributionChart(own: ThinkDistribution, axis: Pick<NumberAxis, "max" | "isNice">): Chart {
  const { drawn } = own;
  const x: NumberAxis = { label: AXES.x, min: 0, ...axis };
  const curves: Panel = {
    ...{ leftPx: LEFT_PX, topPx: TOP_PX, widthPx: WIDTH_PX, heightPx: CURVES_PX },
    x: { ...x, label: "", readoutLabel: AXES.x, hasTickLabels: false },
    y: { label: AXES.y, min: 0, max: 100 },
    layers: drawn.map((cell, series) => ({
      series,
      mark: { kind: "line", points: cutCurve(shareCurve(cell), axis.max), isReadable: true },
    })),
  };
  const boxes: Panel = {
    ...{ leftPx: LEFT_PX, topPx: TOP_PX + CURVES_PX + GAP_PX, widthPx: WIDTH_PX },
    heightPx: Math.max(2, drawn.length) * BOX_PX,
    x,
    y: { label: AXES.users, names: drawn.map(({ users }) => String(users)) },
    layers: drawn.map((cell, series) => ({
      series,
      mark: {
        kind: "boxes",
        boxes: [{ place: series, values: boxWithin(cell, axis.max), text: boxText(cell) }],
      },
    })),
  };
  return {
    title: distributionTitle(own),
    ...{ widthPx: 760, heightPx: boxes.topPx + boxes.heightPx + 50 },
    series: drawn.map(({ users }, color) => ({ name: formatUsers(users), color, swatch: ["line"] })),
    panels: [curves, boxes],
  };
}
