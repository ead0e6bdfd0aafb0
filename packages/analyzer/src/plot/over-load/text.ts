import type { CellSummary } from "../../summary/cell.ts";
import type { FigureTable } from "../figure.ts";
import { fourDigits } from "../text.ts";
import type { CellQuantity, LoadPoint } from "./data.ts";
import type { Load } from "./load.ts";

export interface OverLoadText {
  readonly title: string;
  /** What is drawn, with its unit. */
  readonly axis: string;
  readonly notes: readonly string[];
}

const BARS = "Bars: 95% intervals, across the runs if there are three or more, otherwise within the run.";

const withBars = (title: string, axis: string, ...notes: readonly string[]): OverLoadText => ({
  title,
  axis,
  notes: [...notes, BARS],
});

export const successText = withBars("Success rate over users", "success rate, mean over users (%)");

export const roundTripText = withBars(
  "Mean round trip over users",
  "mean round trip (s)",
  "The mean includes failed requests.",
);

export const throughputText = withBars("Throughput over users", "successful requests per second");

export const successOverRateText = withBars(
  "Success rate over offered rate",
  "success rate (%)",
  "Mean over the clients that send.",
);

export const roundTripOverRateText = withBars(
  "Round trip over offered rate",
  "round trip (s)",
  "Failed requests are included; one that timed out counts with the time limit.",
);

export const throughputOverRateText = withBars(
  "Throughput over offered rate",
  "successful requests per second",
  "Dashed: as many requests succeed as are offered. Below it, requests fail or the function falls behind.",
  "A run's responses may end after its last arrival, and Poisson arrivals vary, so a short run may lie off the line.",
);

/** What a mark tells. */
export function pointText(name: string, axis: string, load: Load, point: LoadPoint): string {
  const { value, interval } = point;
  const range = interval && ` (95% interval ${fourDigits(interval.low)} to ${fourDigits(interval.high)})`;
  return `${name}: ${load.describe(point.load)}, ${axis} ${fourDigits(value)}${range ?? ""}`;
}

/** @param quantities by the heads of their columns */
export function overLoadTable(
  cells: readonly CellSummary[],
  load: Load,
  quantities: readonly { readonly head: string; readonly quantity: CellQuantity }[],
): FigureTable {
  const digits = (one: number | undefined) => one?.toPrecision(5) ?? "";
  const withInterval = quantities.map(({ quantity }) =>
    cells.some((cell) => quantity.interval(cell) !== undefined),
  );
  return {
    head: [
      ...load.heads,
      ...quantities.flatMap(({ head }, index) => [
        head,
        ...(withInterval[index] ? ["interval from", "to"] : []),
      ]),
    ],
    rows: cells.map((cell) => [
      ...[load.keyOf(cell), load.of(cell)].map(String),
      ...quantities.flatMap(({ quantity: { value, interval } }, index) => [
        digits(value(cell)),
        ...(withInterval[index] ? [interval(cell)?.low, interval(cell)?.high].map(digits) : []),
      ]),
    ]),
  };
}
