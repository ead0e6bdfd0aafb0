import { measuredPart } from "../../clients/steady-part.ts";
import { type ThinkTime, thinkTimeOf, thinkTimesOf } from "../../core/condition.ts";
import { quantile } from "../../stats/quantile.ts";
import { axisEnd, usualRoundTrip } from "../axis-end.ts";
import type { NumberAxis, Point } from "../chart/chart.ts";
import type { MeasuredCell } from "../figure.ts";
import type { BeyondAxis } from "../text.ts";

/** Steps of a curve: finer than a pixel. */
const STEPS = 200;
/** Curves of one picture: as many as the palette has colours. */
const MAX_CURVES = 7;

/** All round trips of one cell's measured part, failed ones included, ascending, in seconds. */
export interface SortedCell {
  readonly users: number;
  readonly sortedSeconds: Float64Array;
  /** What nearly all successful ones do not exceed. */
  readonly usualSeconds: number;
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

function sortedCell({ cell, clients }: MeasuredCell): SortedCell {
  const parts = clients.map(measuredPart);
  return {
    users: cell.users,
    sortedSeconds: Float64Array.from(parts.flatMap(({ roundTripSeconds }) => roundTripSeconds)).sort(),
    usualSeconds: usualRoundTrip(parts),
  };
}

const longestOf = (cells: readonly SortedCell[]) =>
  Math.max(0, ...cells.map(({ sortedSeconds }) => sortedSeconds.at(-1) ?? 0));

/** One axis for all think times, so that their curves can be compared. */
export function distributionAxis(all: readonly ThinkDistribution[]): Pick<NumberAxis, "max" | "isNice"> {
  const cells = all.flatMap(({ drawn }) => drawn);
  const longest = longestOf(cells);
  const max = axisEnd(longest, Math.max(0, ...cells.map(({ usualSeconds }) => usualSeconds)));
  // Curves that are cut reach the edge.
  return { max, isNice: max === longest };
}

/** The requests that took longer than the axis shows. */
export function beyondEnd({ drawn }: ThinkDistribution, endSeconds: number): BeyondAxis {
  const countBeyond = ({ sortedSeconds }: SortedCell) =>
    sortedSeconds.reduce((count, seconds) => (seconds > endSeconds ? count + 1 : count), 0);
  return {
    count: drawn.reduce((sum, cell) => sum + countBeyond(cell), 0),
    of: drawn.reduce((sum, { sortedSeconds }) => sum + sortedSeconds.length, 0),
    longestSeconds: longestOf(drawn),
  };
}

/** Share of the requests, in percent, that took no longer than a time. */
export function shareCurve({ sortedSeconds }: SortedCell): readonly Point[] {
  return Array.from({ length: STEPS + 1 }, (_, at) => [
    quantile(sortedSeconds, at / STEPS),
    (100 * at) / STEPS,
  ]);
}

/** The part of a rising curve up to a value of x, where it is cut. */
export function cutCurve(points: readonly Point[], end: number): readonly Point[] {
  const at = points.findIndex(([x]) => x > end);
  const [before, after] = [points[at - 1], points[at]];
  if (after === undefined) return points;
  if (before === undefined) return [];
  const share = (end - before[0]) / (after[0] - before[0]);
  return [...points.slice(0, at), [end, before[1] + share * (after[1] - before[1])]];
}

/** 5%, 25%, 50%, 75% and 95% quantile. */
export function boxOf({ sortedSeconds }: SortedCell): readonly [number, number, number, number, number] {
  const at = (p: number) => quantile(sortedSeconds, p);
  return [at(0.05), at(0.25), at(0.5), at(0.75), at(0.95)];
}
