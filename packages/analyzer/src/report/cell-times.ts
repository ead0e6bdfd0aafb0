import { isClosedLoop } from "../core/condition.ts";
import type { Statistic } from "../stats/describe.ts";
import type { CellSummary } from "../summary/cell.ts";

const inMs = (seconds: number | undefined) => (seconds === undefined ? undefined : 1000 * seconds);

/** A figure of cells that only some functions have. */
export interface OptionalFigure {
  /** For a terminal: `ML`, `tokens/s`. */
  readonly short: string;
  /** For a page: `ML, mean (s)`. */
  readonly long: string;
  readonly of: (cell: CellSummary) => number | undefined;
}

/** What open loops achieve: successful requests per second, to be held against the offered rate, and p95. */
export function openLoopFigures(cells: readonly CellSummary[]): readonly OptionalFigure[] {
  if (cells.every(isClosedLoop)) return [];
  return [
    { short: "ok/s", long: "successful requests/s", of: (cell) => cell.throughputPerSecond },
    { short: "p95", long: "p95 (s)", of: (cell) => cell.roundTripSeconds.p95 },
  ];
}

/**
 * The means of the times that some cell has: handler and ML time, named times, times of streams; then time per unit, units per
 * second. A figure that no cell has is left out.
 */
export function optionalFigures(cells: readonly CellSummary[]): readonly OptionalFigure[] {
  const time = (
    short: string,
    long: string,
    of: (cell: CellSummary) => Statistic | undefined,
  ): OptionalFigure => ({ short, long: `${long}, mean (s)`, of: (cell) => of(cell)?.mean });
  const timeNames = [...new Set(cells.flatMap(({ times = {} }) => Object.keys(times)))].sort();
  const unitNames = [...new Set(cells.flatMap(({ units }) => units?.name ?? []))].sort();
  const all: readonly OptionalFigure[] = [
    time("handler", "Handler", (cell) => cell.handlerSeconds),
    time("ML", "ML", (cell) => cell.mlSeconds),
    ...timeNames.map((name) => {
      const bare = name.replace(/Seconds$/, "");
      return time(bare, bare, ({ times = {} }) => (Object.hasOwn(times, name) ? times[name] : undefined));
    }),
    time("1st event", "First event", (cell) => cell.firstEventSeconds),
    time("gap", "Longest gap", (cell) => cell.longestGapSeconds),
    // Milliseconds: a token takes so few that seconds would show two digits of it.
    {
      ...{ short: "ms/unit", long: "Time per unit, mean (ms)" },
      of: ({ secondsPerUnit }) => inMs(secondsPerUnit?.mean),
    },
    ...unitNames.flatMap((name): readonly OptionalFigure[] => {
      const unitsOf = ({ units }: CellSummary) => (units?.name === name ? units : undefined);
      return [
        { short: `${name}/s`, long: `${name} per second`, of: (cell) => unitsOf(cell)?.perSecond },
        { short: name, long: `${name} per request, mean`, of: (cell) => unitsOf(cell)?.perRequest.mean },
      ];
    }),
  ];
  return all.filter(({ of }) => cells.some((cell) => of(cell) !== undefined));
}
