import { areOpenLoops, type Condition, isClosedLoop, thinkTimeOf } from "../core/condition.ts";
import { formatDecimals } from "../core/format.ts";

/** The first columns of a table of cells: their load. */
export interface LoadColumns {
  readonly heads: readonly string[];
  readonly of: (cell: Condition) => readonly string[];
}

/**
 * Users and think time, and replicas if they differ; the offered rate alone if every cell is an open loop.
 * @param heads of the columns of users, think time and rate
 *
 * @example
 * ```ts
 * const heads = { users: "users", think: "think s", rate: "offered" };
 * loadColumns([{ users: 1, thinkTimeSeconds: 0, ratePerSecond: 2.5 }], heads).heads; // ["offered"]
 * ```
 */
export function loadColumns(
  cells: readonly Condition[],
  { users, think, rate }: { readonly users: string; readonly think: string; readonly rate: string },
): LoadColumns {
  if (areOpenLoops(cells)) return { heads: [rate], of: (cell) => [loadOf(cell)] };
  if (cells.every(({ replicaCount }) => replicaCount === undefined))
    return { heads: [users, think], of: (cell) => [loadOf(cell), thinkColumn(cell)] };
  return {
    heads: [users, think, "replicas"],
    of: (cell) => [loadOf(cell), thinkColumn(cell), String(cell.replicaCount ?? "")],
  };
}

/** In a column of users: `4`, or the rate of an open loop, `2.5/s`. */
const loadOf = ({ users, ratePerSecond }: Condition): string =>
  ratePerSecond === undefined ? String(users) : `${ratePerSecond}/s`;

/** In a column of think times; empty in an open loop. */
const thinkColumn = (condition: Condition): string =>
  isClosedLoop(condition) ? String(thinkTimeOf(condition)) : "";

/** `99.5%`; empty if the ratio is not known. */
export const percent = (ratio: number | undefined): string =>
  ratio === undefined ? "" : `${(100 * ratio).toFixed(ratio === 1 ? 0 : 1)}%`;

/** A limit as it was set: `99%`, `99.5%`. */
export const limitPercent = (ratio: number): string => `${Number((100 * ratio).toFixed(3))}%`;

/** Empty if the value is not known. */
export const decimals = (value: number | undefined): string =>
  value === undefined ? "" : formatDecimals(value);

/** `All 3 thresholds hold`. @param count of thresholds */
export function describeAllHold(count: number): string {
  if (count === 1) return "The threshold holds";
  return count === 2 ? "Both thresholds hold" : `All ${count} thresholds hold`;
}
