import { areOpenLoops, isClosedLoop } from "../../core/condition.ts";
import type { CellSummary } from "../../summary/cell.ts";
import type { Chart } from "../chart/chart.ts";
import { symbolOf } from "../chart/symbols.ts";
import type { ReportFigure } from "../figure.ts";
import {
  type CellQuantity,
  dashOf,
  loadLines,
  meanRoundTrip,
  p95RoundTrip,
  styleOf,
  successPercent,
  throughput,
} from "./data.ts";
import { loadChart } from "./layout.ts";
import { type Load, OFFERED_RATE, USERS } from "./load.ts";
import {
  type OverLoadText,
  overLoadTable,
  roundTripOverRateText,
  roundTripText,
  successOverRateText,
  successText,
  throughputOverRateText,
  throughputText,
} from "./text.ts";

/** One figure over users or offered rate, a line per think time or arrival process and quantity. */
export interface OverLoad extends OverLoadText {
  readonly load: Load;
  /** With a name for the legend if there are several. */
  readonly quantities: readonly { readonly name?: string; readonly quantity: CellQuantity }[];
  /** Upper end of the axis, if it is fixed. */
  readonly max?: number;
  /** Name of a dashed line on which the value is the load. */
  readonly identity?: string;
}

/** Success rate, as the publication drew it. */
export const successOverUsers: OverLoad = {
  ...successText,
  ...{ load: USERS, quantities: [{ quantity: successPercent }], max: 100 },
};

/** Mean round trip, failed requests included, as the publication drew it. */
export const roundTripOverUsers: OverLoad = {
  ...roundTripText,
  ...{ load: USERS, quantities: [{ quantity: meanRoundTrip }] },
};

/** Successful requests per second. */
export const throughputOverUsers: OverLoad = {
  ...throughputText,
  ...{ load: USERS, quantities: [{ quantity: throughput }] },
};

/** Open loops: success rate, as in the table. */
export const successOverRate: OverLoad = {
  ...successOverRateText,
  ...{ load: OFFERED_RATE, quantities: [{ quantity: successPercent }], max: 100 },
};

/** Open loops: mean and 95th percentile, failed requests included. */
export const roundTripOverRate: OverLoad = {
  ...roundTripOverRateText,
  load: OFFERED_RATE,
  quantities: [
    { name: "mean", quantity: meanRoundTrip },
    { name: "95th percentile", quantity: p95RoundTrip },
  ],
};

/** Open loops: achieved rate, compared with the offered rate. */
export const throughputOverRate: OverLoad = {
  ...throughputOverRateText,
  ...{ load: OFFERED_RATE, quantities: [{ name: "achieved", quantity: throughput }], identity: "offered" },
};

const maxLoadOf = (cells: readonly CellSummary[], load: Load) => Math.max(0, ...cells.map(load.of));

/**
 * The figure with its legend and its numbers.
 * @param cells of closed loops for a figure over users, of open loops for one over the offered rate
 *
 * @example
 * ```ts
 * overLoadFigure([], successOverUsers).data?.rows.length; // 0
 * ```
 */
export function overLoadFigure(cells: readonly CellSummary[], figure: OverLoad): ReportFigure {
  const { title, axis, load, quantities, max, notes, identity } = figure;
  const lines = quantities.flatMap(({ name, quantity }, which) =>
    loadLines(cells, quantity, load).map(({ key, points }, index, all) => ({
      ...styleOf(name, which, load.nameOf(key), index, all.length),
      points,
    })),
  );
  return {
    section: "load",
    title,
    chart: loadChart({
      ...{ title, axis, load, lines, maxLoad: maxLoadOf(cells, load) },
      ...(max !== undefined && { max }),
      ...(identity !== undefined && { identity }),
    }),
    notes,
    data: overLoadTable(
      cells,
      load,
      quantities.map(({ name, quantity }) => ({
        head: quantities.length > 1 ? `${name} ${axis}` : axis,
        quantity,
      })),
    ),
  };
}

/**
 * Mean round trips of several results over users, with intervals: a colour per result, a symbol per think time. If no
 * result has closed loops, over the offered rate.
 *
 * @example
 * ```ts
 * resultsOverLoadChart([{ name: "before", cells: [] }]).panels.length; // 1
 * ```
 */
export function resultsOverLoadChart(
  results: readonly { readonly name: string; readonly cells: readonly CellSummary[] }[],
): Chart {
  const all = results.flatMap(({ cells }) => cells);
  const isOpen = areOpenLoops(all);
  const load = isOpen ? OFFERED_RATE : USERS;
  const isShown = (cell: CellSummary) => isClosedLoop(cell) !== isOpen;
  const shown = all.filter(isShown);
  const keys = load.keysOf(shown);
  const lines = results.flatMap(({ name, cells }, color) =>
    loadLines(cells.filter(isShown), meanRoundTrip, load).map(({ key, points }) => {
      const index = keys.indexOf(key);
      return {
        ...{ name: `${name}, ${load.nameOf(key)}`, color, symbol: symbolOf(index), points },
        ...dashOf(index),
      };
    }),
  );
  const { title, axis } = isOpen
    ? { ...roundTripText, title: "Mean round trip over offered rate" }
    : roundTripText;
  return loadChart({ title, axis, load, lines, maxLoad: maxLoadOf(shown, load) });
}
