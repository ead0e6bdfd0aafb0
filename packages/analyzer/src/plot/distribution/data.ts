import { measuredPart } from "../../clients/steady-part.ts";
import { type ThinkTime, thinkTimeOf, thinkTimesOf } from "../../core/condition.ts";
import { quantile } from "../../stats/quantile.ts";
import type { Point } from "../chart/chart.ts";
import type { MeasuredCell } from "../figure.ts";

/** Steps of a curve: finer than a pixel. */
const STEPS = 200;
/** Curves of one picture: as many as the palette has colours. */
const MAX_CURVES = 7;

/** All round trips of one cell's measured part, failed ones included, ascending, in seconds. */
export interface SortedCell {
  readonly users: number;
  readonly sortedSeconds: Float64Array;
}

export interface ThinkDistribution {
  readonly think: ThinkTime;
  /** Of many cells some, the lightest and the heaviest among them. */
  readonly drawn: readonly SortedCell[];
  /** Cells of this think time that have a round trip. */
  readonly cellCount: number;
}

/** The distributions per think time; a think time without any round trip is left out. */
export function distributionsOf(cells: readonly MeasuredCell[]): readonly ThinkDistribution[] {
  return thinkTimesOf(cells.map(({ cell }) => cell)).flatMap((think) => {
    const own = cells.filter(
      ({ cell, clients }) =>
        thinkTimeOf(cell) === think && clients.some((client) => measuredPart(client).sentRequests > 0),
    );
    if (own.length === 0) return [];
    const drawn = spread(own).map(sortedCell);
    return [{ think, drawn, cellCount: own.length }];
  });
}

/** At most `MAX_CURVES` values at equal steps, the first and the last among them. */
export function spread<T>(values: readonly T[]): readonly T[] {
  const step = Math.max(1, Math.ceil((values.length - 1) / (MAX_CURVES - 1)));
  return values.filter((_, index) => index % step === 0 || index === values.length - 1);
}

const sortedCell = ({ cell, clients }: MeasuredCell): SortedCell => ({
  users: cell.users,
  sortedSeconds: Float64Array.from(clients.flatMap((client) => measuredPart(client).roundTripSeconds)).sort(),
});

/** Share of the requests, in percent, that took no longer than a time. */
export function shareCurve({ sortedSeconds }: SortedCell): readonly Point[] {
  return Array.from({ length: STEPS + 1 }, (_, at) => [
    quantile(sortedSeconds, at / STEPS),
    (100 * at) / STEPS,
  ]);
}

/** 5%, 25%, 50%, 75% and 95% quantile. */
export function boxOf({ sortedSeconds }: SortedCell): readonly [number, number, number, number, number] {
  const at = (p: number) => quantile(sortedSeconds, p);
  return [at(0.05), at(0.25), at(0.5), at(0.75), at(0.95)];
}
