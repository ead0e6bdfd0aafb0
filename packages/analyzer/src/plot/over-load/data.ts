import type { Interval } from "../../stats/interval.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { distinct } from "../figure.ts";

/** What is drawn of a cell, and its 95% interval if it has one. */
export interface CellQuantity {
  readonly value: (cell: CellSummary) => number | undefined;
  readonly interval: (cell: CellSummary) => Interval | undefined;
}

export interface UsersPoint {
  readonly users: number;
  readonly value: number;
  readonly interval?: Interval;
}

export interface UsersLine {
  readonly thinkTimeSeconds: number;
  readonly points: readonly UsersPoint[];
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

export const throughput: CellQuantity = {
  value: (cell) => cell.throughputPerSecond,
  interval: (cell) => cell.throughputInterval,
};

/** A line per think time over the number of users; cells without a value are left out. */
export function usersLines(cells: readonly CellSummary[], quantity: CellQuantity): readonly UsersLine[] {
  return distinct(cells.map((cell) => cell.thinkTimeSeconds)).map((thinkTimeSeconds) => ({
    thinkTimeSeconds,
    points: cells
      .filter((cell) => cell.thinkTimeSeconds === thinkTimeSeconds)
      .flatMap((cell) => {
        const [value, interval] = [quantity.value(cell), quantity.interval(cell)];
        if (value === undefined) return [];
        return [{ users: cell.users, value, ...(interval && { interval }) }];
      }),
  }));
}
