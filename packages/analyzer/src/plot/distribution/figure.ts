import { formatUsers } from "../../core/format.ts";
import type { Chart, NumberAxis, Panel } from "../chart/chart.ts";
import type { MeasuredCell, ReportFigure } from "../figure.ts";
import { boxOf, distributionsOf, type SortedCell, shareCurve, type ThinkDistribution } from "./data.ts";
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
  // One axis for all think times, so that their curves can be compared.
  const longestSeconds = Math.max(0, ...all.flatMap(({ drawn }) => drawn.map(longestOf)));
  return all.map((own) => ({
    section: "distribution" as const,
    title: distributionTitle(own),
    chart: distributionChart(own, longestSeconds),
    notes: distributionNotes(own),
    data: distributionTable(own),
  }));
}

const longestOf = ({ sortedSeconds }: SortedCell) => sortedSeconds.at(-1) ?? 0;

const [LEFT_PX, TOP_PX, WIDTH_PX] = [56, 60, 690];
const [CURVES_PX, GAP_PX, BOX_PX] = [190, 40, 18];

/** Curves above, boxes below on the same scale. */
function distributionChart(own: ThinkDistribution, longestSeconds: number): Chart {
  const { drawn } = own;
  const x: NumberAxis = { label: AXES.x, min: 0, max: longestSeconds };
  const curves: Panel = {
    ...{ leftPx: LEFT_PX, topPx: TOP_PX, widthPx: WIDTH_PX, heightPx: CURVES_PX },
    x: { ...x, label: "", readoutLabel: AXES.x, hasTickLabels: false },
    y: { label: AXES.y, min: 0, max: 100 },
    layers: drawn.map((cell, series) => ({
      series,
      mark: { kind: "line", points: shareCurve(cell), isReadable: true },
    })),
  };
  const boxes: Panel = {
    ...{ leftPx: LEFT_PX, topPx: TOP_PX + CURVES_PX + GAP_PX, widthPx: WIDTH_PX },
    heightPx: Math.max(2, drawn.length) * BOX_PX,
    x,
    y: { label: AXES.users, names: drawn.map(({ users }) => String(users)) },
    layers: drawn.map((cell, series) => ({
      series,
      mark: { kind: "boxes", boxes: [{ place: series, values: boxOf(cell), text: boxText(cell) }] },
    })),
  };
  return {
    title: distributionTitle(own),
    ...{ widthPx: 760, heightPx: boxes.topPx + boxes.heightPx + 50 },
    series: drawn.map(({ users }, color) => ({ name: formatUsers(users), color, swatch: ["line"] })),
    panels: [curves, boxes],
  };
}
