import type { CellSummary } from "../../summary/cell.ts";
import type { Chart } from "../chart/chart.ts";
import { symbolOf } from "../chart/symbols.ts";
import { distinct, type ReportFigure } from "../figure.ts";
import { thinkName } from "../text.ts";
import { type CellQuantity, meanRoundTrip, successPercent, throughput, usersLines } from "./data.ts";
import { usersChart } from "./layout.ts";
import { type OverUsersText, overUsersTable, roundTripText, successText, throughputText } from "./text.ts";

/** One figure over the number of users, a line per think time. */
export interface OverUsers extends CellQuantity, OverUsersText {
  /** Upper end of the axis, if it is fixed. */
  readonly max?: number;
}

/** Success rate, as the publication drew it. */
export const successOverUsers: OverUsers = { ...successText, ...successPercent, max: 100 };

/** Mean round trip, failed requests included, as the publication drew it. */
export const roundTripOverUsers: OverUsers = { ...roundTripText, ...meanRoundTrip };

/** Successful requests per second. */
export const throughputOverUsers: OverUsers = { ...throughputText, ...throughput };

const maxUsersOf = (cells: readonly CellSummary[]) => Math.max(0, ...cells.map((cell) => cell.users));

/**
 * The figure with its legend and its numbers.
 *
 * @example
 * ```ts
 * overUsersFigure([], successOverUsers).data?.rows.length; // 0
 * ```
 */
export function overUsersFigure(cells: readonly CellSummary[], quantity: OverUsers): ReportFigure {
  const { title, axis, max, notes } = quantity;
  const lines = usersLines(cells, quantity).map(({ thinkTimeSeconds, points }, index) => ({
    ...{ name: thinkName(thinkTimeSeconds), color: index, symbol: symbolOf(index), points },
  }));
  return {
    title,
    chart: usersChart({
      ...{ title, axis, lines, maxUsers: maxUsersOf(cells) },
      ...(max !== undefined && { max }),
    }),
    notes,
    data: overUsersTable(cells, axis, quantity),
  };
}

const DASHES = [undefined, "dashed", "dotted"] as const;

/**
 * Mean round trips of several results over users, with intervals: a colour per result, a symbol per think time.
 *
 * @example
 * ```ts
 * resultsOverUsersChart([{ name: "before", cells: [] }]).panels.length; // 1
 * ```
 */
export function resultsOverUsersChart(
  results: readonly { readonly name: string; readonly cells: readonly CellSummary[] }[],
): Chart {
  const thinks = distinct(results.flatMap(({ cells }) => cells.map((cell) => cell.thinkTimeSeconds)));
  const lines = results.flatMap(({ name, cells }, color) =>
    usersLines(cells, meanRoundTrip).map(({ thinkTimeSeconds, points }) => {
      const index = thinks.indexOf(thinkTimeSeconds);
      const dash = DASHES[index % DASHES.length];
      return {
        ...{ name: `${name}, ${thinkName(thinkTimeSeconds)}`, color, symbol: symbolOf(index), points },
        ...(dash && { dash }),
      };
    }),
  );
  const { title, axis } = roundTripText;
  return usersChart({ title, axis, lines, maxUsers: maxUsersOf(results.flatMap(({ cells }) => cells)) });
}
