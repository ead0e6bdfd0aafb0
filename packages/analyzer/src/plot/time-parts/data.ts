import type { CellSummary } from "../../summary/cell.ts";

/** Parts of a round trip, from the innermost to the outermost. */
export const TIME_PARTS = [
  "mlSeconds",
  "handlerRestSeconds",
  "gatewaySeconds",
  "networkSeconds",
  "clientSeconds",
] as const;
export type TimePart = (typeof TIME_PARTS)[number];

/** The parts that some of the cells know, from the innermost to the outermost. */
export const knownParts = (cells: readonly CellSummary[]): readonly TimePart[] =>
  TIME_PARTS.filter((part) => cells.some(({ parts }) => parts?.[part] !== undefined));

/** For each part, where it begins and ends in each cell's bar, seconds; a part that is not known takes no room. */
export function stackedParts(
  cells: readonly CellSummary[],
): Readonly<Record<TimePart, readonly { readonly low: number; readonly high: number }[]>> {
  const tops = cells.map(() => 0);
  const stacked = TIME_PARTS.map((part) => [
    part,
    cells.map(({ parts }, index) => {
      const low = tops[index] as number;
      const high = low + (parts?.[part] ?? 0);
      tops[index] = high;
      return { low, high };
    }),
  ]);
  return Object.fromEntries(stacked);
}
