import type { CellSummary } from "../summary/cell.ts";
import { title, valueAxis } from "./axes.ts";
import { distinct, type ReportFigure, thinkName } from "./figure.ts";
import { INK, PALETTE, renderSvg } from "./svg.ts";

/** One figure over the number of users, a line per think time. */
export interface OverUsers {
  readonly title: string;
  readonly axis: string;
  readonly value: (cell: CellSummary) => number | undefined;
  /** 95 % interval, where there is one. */
  readonly interval: (cell: CellSummary) => { readonly low: number; readonly high: number } | undefined;
  /** Upper end of the axis, where it is fixed. */
  readonly max?: number;
  readonly notes: readonly string[];
}

/** Success rate, as the publication drew it. */
export const successOverUsers: OverUsers = {
  title: "Success rate over users",
  axis: "success rate, mean over clients (%)",
  value: (cell) => {
    const rate = cell.successRate.meanOverClients;
    return rate === undefined ? undefined : 100 * rate;
  },
  interval: ({ successRate: { interval } }) =>
    interval && { low: 100 * interval.low, high: 100 * interval.high },
  max: 100,
  notes: ["Bars: 95 % interval of the share of answered frames (Wilson)."],
};

/** Mean round trip, failed frames included, as the publication drew it. */
export const roundTripOverUsers: OverUsers = {
  title: "Mean round trip over users",
  axis: "mean round trip (s)",
  value: (cell) => cell.roundTripSeconds.mean,
  interval: (cell) => cell.roundTripInterval,
  notes: [
    "Failed frames are in the mean, as published.",
    "Bars: 95 % interval of the mean (bootstrap over clients; batch means with fewer than five clients).",
  ],
};

/** Answered frames per second. */
export const throughputOverUsers: OverUsers = {
  title: "Throughput over users",
  axis: "answered frames per second",
  value: (cell) => cell.throughputPerSecond,
  interval: () => undefined,
  notes: ["From a run's first request to its last answer: start and end of the users are in it."],
};

/** Draws one figure of all cells as SVG. */
export function renderOverUsers(cells: readonly CellSummary[], figure: OverUsers): string {
  const most = Math.max(...cells.map((cell) => cell.users));
  const option = {
    title: title(figure.title),
    grid: { left: 70, right: 30, top: 45, bottom: 50 },
    xAxis: valueAxis("virtual users", 28, { max: most + 1, minInterval: 1 }),
    yAxis: valueAxis(figure.axis, 45, figure.max === undefined ? {} : { max: figure.max }),
    series: distinct(cells.map((cell) => cell.thinkTimeSeconds)).flatMap((think, index) => {
      const color = PALETTE[index % PALETTE.length];
      const own = cells.filter((cell) => cell.thinkTimeSeconds === think);
      // Beside each other, not one over the other.
      const at = (cell: CellSummary) => cell.users + 0.06 * index;
      return [
        {
          type: "line",
          name: thinkName(think),
          symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
          symbolSize: 8,
          color,
          data: own.flatMap((cell) => {
            const value = figure.value(cell);
            return value === undefined ? [] : [[at(cell), value]];
          }),
        },
        {
          type: "line",
          name: `${thinkName(think)}, interval`,
          symbol: "none",
          silent: true,
          color,
          lineStyle: { width: 1.5, opacity: 0.8 },
          data: own.flatMap((cell) => {
            const interval = figure.interval(cell);
            if (interval === undefined) return [];
            return [
              [at(cell), interval.low],
              [at(cell), interval.high],
              ["-", "-"],
            ];
          }),
        },
      ];
    }),
  };
  return renderSvg(option, 760, 400);
}

/** The figure with its legend and its numbers. */
export function overUsersFigure(cells: readonly CellSummary[], figure: OverUsers): ReportFigure {
  const thinks = distinct(cells.map((cell) => cell.thinkTimeSeconds));
  const number = (value: number | undefined) => value?.toPrecision(5) ?? "";
  return {
    title: figure.title,
    svg: renderOverUsers(cells, figure),
    notes: figure.notes,
    legend: thinks.map((think, index) => ({
      name: thinkName(think),
      color: PALETTE[index % PALETTE.length] as string,
    })),
    data: {
      head: ["think time (s)", "users", figure.axis, "interval from", "to"],
      rows: cells.map((cell) => {
        const interval = figure.interval(cell);
        return [
          String(cell.thinkTimeSeconds),
          String(cell.users),
          number(figure.value(cell)),
          number(interval?.low),
          number(interval?.high),
        ];
      }),
    },
  };
}

/** Mean round trips of several results over users: a colour per result, a symbol per think time. */
export function renderResultsOverUsers(
  results: readonly { readonly name: string; readonly cells: readonly CellSummary[] }[],
): string {
  const thinks = distinct(results.flatMap(({ cells }) => cells.map((cell) => cell.thinkTimeSeconds)));
  const most = Math.max(...results.flatMap(({ cells }) => cells.map((cell) => cell.users)));
  const option = {
    title: title("Mean round trip over users"),
    legend: { bottom: 0, textStyle: { color: INK } },
    grid: { left: 70, right: 30, top: 45, bottom: 90 },
    xAxis: valueAxis("virtual users", 28, { max: most + 1, minInterval: 1 }),
    yAxis: valueAxis(roundTripOverUsers.axis, 45),
    series: results.flatMap(({ name, cells }, result) =>
      thinks.map((think, index) => ({
        type: "line",
        name: `${name}, ${thinkName(think)}`,
        symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
        symbolSize: 8,
        color: PALETTE[result % PALETTE.length],
        lineStyle: { type: ["solid", "dashed", "dotted"][index % 3] },
        data: cells
          .filter((cell) => cell.thinkTimeSeconds === think)
          .flatMap((cell) =>
            cell.roundTripSeconds.mean === undefined ? [] : [[cell.users, cell.roundTripSeconds.mean]],
          ),
      })),
    ),
  };
  return renderSvg(option, 820, 460);
}
