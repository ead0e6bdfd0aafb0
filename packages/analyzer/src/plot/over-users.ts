import type { CellSummary } from "../summary/cell.ts";
import { PALETTE, renderSvg } from "./svg.ts";

/** One figure over the number of users, a line per think time. */
export interface OverUsers {
  readonly title: string;
  readonly axis: string;
  readonly value: (cell: CellSummary) => number | undefined;
  /** Upper end of the axis, where it is fixed. */
  readonly max?: number;
}

/** Success rate, as the publication drew it. */
export const successOverUsers: OverUsers = {
  title: "Success rate over users",
  axis: "success rate, mean over clients (%)",
  value: (cell) => {
    const rate = cell.successRate.meanOverClients;
    return rate === undefined ? undefined : 100 * rate;
  },
  max: 100,
};

/** Mean round trip, failed frames included, as the publication drew it. */
export const roundTripOverUsers: OverUsers = {
  title: "Mean round trip over users",
  axis: "mean round trip (s)",
  value: (cell) => cell.roundTripSeconds.mean,
};

/** Draws one figure of all cells as SVG. */
export function renderOverUsers(cells: readonly CellSummary[], figure: OverUsers): string {
  const thinkTimes = [...new Set(cells.map((cell) => cell.thinkTimeSeconds))].sort((a, b) => a - b);
  const most = Math.max(...cells.map((cell) => cell.users));
  const option = {
    title: { text: figure.title, left: "center" },
    legend: { bottom: 0, itemGap: 24 },
    grid: { left: 70, right: 30, top: 50, bottom: 80 },
    xAxis: {
      type: "value",
      name: "virtual users",
      nameLocation: "middle",
      nameGap: 28,
      min: 0,
      max: most + 1,
      minInterval: 1,
    },
    yAxis: {
      type: "value",
      name: figure.axis,
      nameLocation: "middle",
      nameGap: 45,
      min: 0,
      ...(figure.max !== undefined && { max: figure.max }),
    },
    series: thinkTimes.map((think, index) => ({
      type: "line",
      name: `think time ${think} s`,
      symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
      symbolSize: 8,
      color: PALETTE[index % PALETTE.length],
      data: cells
        .filter((cell) => cell.thinkTimeSeconds === think)
        .flatMap((cell) => {
          const value = figure.value(cell);
          return value === undefined ? [] : [[cell.users, value]];
        }),
    })),
  };
  return renderSvg(option, 760, 420);
}
