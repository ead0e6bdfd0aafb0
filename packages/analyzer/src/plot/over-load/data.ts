import type { Interval } from "../../stats/interval.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { symbolOf } from "../chart/symbols.ts";
import type { Load } from "./load.ts";

/** What is drawn of a cell, and its 95% interval if it has one. */
export interface CellQuantity {
  readonly value: (cell: CellSummary) => number | undefined;
  readonly interval: (cell: CellSummary) => Interval | undefined;
}

export interface LoadPoint {
  /** Users, or offered requests per second. */
  readonly load: number;
  readonly value: number;
  readonly interval?: Interval;
}

export interface LoadLine {
  /** What its cells have in common: the think time, or the arrival process. */
  readonly key: number | string;
  readonly points: readonly LoadPoint[];
}

const percent = (ratio: number) => 100 * ratio;

export const successPercent: CellQuantity = {
  value: ({ successRate: { meanOverClients: rate } }) => (rate === undefined ? undefined : percent(rate)),
  interval: ({ successRate: { interval } }) =>
    interval && { low: percent(interval.low), high: percent(interval.high) },
};

export const meanRoundTrip: CellQuantity = {
  value: (cell) => cell.roundTripSeconds.mean,
  interval: (cell) => cell.roundTripInterval,
};

export const p95RoundTrip: CellQuantity = {
  value: (cell) => cell.roundTripSeconds.p95,
  interval: (cell) => cell.quantileIntervals.p95,
};

export const throughput: CellQuantity = {
  value: (cell) => cell.throughputPerSecond,
  interval: (cell) => cell.throughputInterval,
};

const DASHES = [undefined, "dashed", "dotted"] as const;

/** A dash per quantity, result or kind. */
export const dashOf = (index: number) => {
  const dash = DASHES[index % DASHES.length];
  return dash && { dash };
};

/** How a line looks and what it is called, if there is one for each key and quantity. */
export function styleOf(
  /** Of the quantity; undefined if there is one alone. */
  quantity: string | undefined,
  which: number,
  line: string,
  index: number,
  lines: number,
) {
  // A colour per think time or process, or per quantity if there is one process only.
  const color = lines > 1 ? index : which;
  // One of the two names if the other is the same for all lines.
  const name = quantity === undefined ? line : lines > 1 ? `${quantity}, ${line}` : quantity;
  return { name, color, symbol: symbolOf(color), ...(lines > 1 && dashOf(which)) };
}

/** A line per think time or arrival process; cells without a value are left out. */
export function loadLines(
  cells: readonly CellSummary[],
  quantity: CellQuantity,
  load: Load,
): readonly LoadLine[] {
  return load.keysOf(cells).map((key) => ({
    key,
    points: cells
      .filter((cell) => load.keyOf(cell) === key)
      .flatMap((cell) => {
        const [value, interval] = [quantity.value(cell), quantity.interval(cell)];
        if (value === undefined) return [];
        return [{ load: load.of(cell), value, ...(interval && { interval }) }];
      }),
  }));
}
