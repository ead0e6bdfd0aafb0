import { formatUsers } from "../core/format.ts";
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
  notes: ["Bars: 95 % interval of the share of answered requests (Wilson)."],
};

/** Mean round trip, failed requests included, as the publication drew it. */
export const roundTripOverUsers: OverUsers = {
  title: "Mean round trip over users",
  axis: "mean round trip (s)",
  value: (cell) => cell.roundTripSeconds.mean,
  interval: (cell) => cell.roundTripInterval,
  notes: [
    "Failed requests are in the mean, as published.",
    "Bars: 95 % interval of the mean (bootstrap over clients; batch means with fewer than five clients).",
  ],
};

/** Answered requests per second. */
export const throughputOverUsers: OverUsers = {
  title: "Throughput over users",
  axis: "answered requests per second",
  value: (cell) => cell.throughputPerSecond,
  interval: () => undefined,
  notes: ["From a run's first request to its last answer: start and end of the users are in it."],
};

/** Lines of one number of users stand beside each other, not one over the other, and clear of the next number's. */
const beside = (index: number, count: number) => index * Math.min(0.06, 0.5 / count);

const BARS = { symbol: "none", silent: true, lineStyle: { width: 1.5, opacity: 0.8 } };

/** An interval as a piece of a line that breaks after it. */
function bar(at: number, interval: { readonly low: number; readonly high: number } | undefined) {
  if (interval === undefined) return [];
  return [
    [at, interval.low],
    [at, interval.high],
    ["-", "-"],
  ];
}

const number = (value: number) => String(Number(value.toPrecision(4)));

/** What a mark says. */
function words(cell: CellSummary, { axis, interval }: OverUsers, value: number): string {
  const range = interval(cell);
  const between = range === undefined ? "" : ` (95 % interval ${number(range.low)} to ${number(range.high)})`;
  return `${formatUsers(cell.users)}, ${axis} ${number(value)}${between}`;
}

/** Draws one figure of all cells as SVG. */
export function renderOverUsers(cells: readonly CellSummary[], figure: OverUsers): string {
  const most = Math.max(...cells.map((cell) => cell.users));
  const option = {
    title: title(figure.title),
    grid: { left: 70, right: 30, top: 45, bottom: 50 },
    xAxis: valueAxis("virtual users", 28, { max: most + 1, minInterval: 1 }),
    yAxis: valueAxis(figure.axis, 45, figure.max === undefined ? {} : { max: figure.max }),
    series: distinct(cells.map((cell) => cell.thinkTimeSeconds)).flatMap((think, index, thinks) => {
      const color = PALETTE[index % PALETTE.length];
      const own = cells.filter((cell) => cell.thinkTimeSeconds === think);
      const at = (cell: CellSummary) => cell.users + beside(index, thinks.length);
      return [
        {
          type: "line",
          name: thinkName(think),
          symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
          symbolSize: 8,
          color,
          data: own.flatMap((cell) => {
            const value = figure.value(cell);
            return value === undefined
              ? []
              : [{ value: [at(cell), value], name: words(cell, figure, value) }];
          }),
        },
        {
          type: "line",
          name: `${thinkName(think)}, interval`,
          ...BARS,
          color,
          data: own.flatMap((cell) => bar(at(cell), figure.interval(cell))),
        },
      ];
    }),
  };
  return renderSvg(option, 760, 400);
}

/** The figure with its legend and its numbers. */
export function overUsersFigure(cells: readonly CellSummary[], figure: OverUsers): ReportFigure {
  const thinks = distinct(cells.map((cell) => cell.thinkTimeSeconds));
  const digits = (value: number | undefined) => value?.toPrecision(5) ?? "";
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
          digits(figure.value(cell)),
          digits(interval?.low),
          digits(interval?.high),
        ];
      }),
    },
  };
}

/** Mean round trips of several results over users, with intervals: a colour per result, a symbol per think time. */
export function renderResultsOverUsers(
  results: readonly { readonly name: string; readonly cells: readonly CellSummary[] }[],
): string {
  const thinks = distinct(results.flatMap(({ cells }) => cells.map((cell) => cell.thinkTimeSeconds)));
  const most = Math.max(...results.flatMap(({ cells }) => cells.map((cell) => cell.users)));
  const lines = results.flatMap(({ name, cells }, result) =>
    thinks.flatMap((think, index) => {
      const own = cells.filter((cell) => cell.thinkTimeSeconds === think);
      const color = PALETTE[result % PALETTE.length];
      return own.length === 0 ? [] : [{ name: `${name}, ${thinkName(think)}`, color, index, cells: own }];
    }),
  );
  const row = 20;
  const option = {
    title: title("Mean round trip over users"),
    // One below the other: nothing here knows how wide a name is.
    legend: {
      orient: "vertical",
      left: 70,
      bottom: 0,
      itemGap: row - 14,
      textStyle: { color: INK },
      data: lines.map(({ name }) => name),
    },
    grid: { left: 70, right: 30, top: 45, bottom: 50 + row * lines.length },
    xAxis: valueAxis("virtual users", 28, { max: most + 1, minInterval: 1 }),
    yAxis: valueAxis(roundTripOverUsers.axis, 45),
    series: lines.flatMap(({ name, color, index, cells }, line) => {
      const at = (cell: CellSummary) => cell.users + beside(line, lines.length);
      return [
        {
          type: "line",
          name,
          symbol: ["circle", "rect", "triangle", "diamond"][index % 4],
          symbolSize: 8,
          color,
          lineStyle: { type: ["solid", "dashed", "dotted"][index % 3] },
          data: cells.flatMap((cell) => {
            const { mean } = cell.roundTripSeconds;
            return mean === undefined
              ? []
              : [{ value: [at(cell), mean], name: words(cell, roundTripOverUsers, mean) }];
          }),
        },
        {
          name: `${name}, interval`,
          type: "line",
          ...BARS,
          color,
          data: cells.flatMap((cell) => bar(at(cell), cell.roundTripInterval)),
        },
      ];
    }),
  };
  return renderSvg(option, 820, 390 + row * lines.length);
}
