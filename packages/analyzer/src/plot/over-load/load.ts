import type { ArrivalProcess } from "@slbench/client/condition";
import { type Condition, nameArrivals, thinkTimeOf, thinkTimesOf } from "../../core/condition.ts";
import { formatUsers } from "../../core/format.ts";
import { thinkName } from "../text.ts";

/** What loads the function: the x axis of a figure, and which cells make one line over it. */
export interface Load {
  readonly label: string;
  /** Heads of the table's columns: of the line, and of the load. */
  readonly heads: readonly [line: string, load: string];
  readonly of: (cell: Condition) => number;
  readonly isWhole: boolean;
  /** Room beyond the largest load. */
  readonly end: (max: number) => number;
  /** Cells with the same key make one line. */
  readonly keyOf: (cell: Condition) => number | string;
  /** The different keys, in the order of the lines. */
  readonly keysOf: (cells: readonly Condition[]) => readonly (number | string)[];
  /** A line in the legend. */
  readonly nameOf: (key: number | string) => string;
  /** A load in words: `2 users`. */
  readonly describe: (load: number) => string;
}

/** Closed loops: virtual users, a line per think time. */
export const USERS: Load = {
  label: "virtual users",
  heads: ["think time (s)", "users"],
  of: ({ users }) => users,
  isWhole: true,
  end: (max) => max + 1,
  keyOf: thinkTimeOf,
  keysOf: thinkTimesOf,
  nameOf: thinkName,
  describe: formatUsers,
};

const arrivalsOf = ({ process = "poisson" }: Condition): ArrivalProcess => process;

/** Open loops: the rate at which requests are offered, a line per arrival process. */
export const OFFERED_RATE: Load = {
  label: "offered requests per second",
  heads: ["arrivals", "offered requests/s"],
  of: ({ ratePerSecond = 0 }) => ratePerSecond,
  isWhole: false,
  end: (max) => 1.08 * max,
  keyOf: arrivalsOf,
  keysOf: (cells) => [...new Set(cells.map(arrivalsOf))].sort(),
  nameOf: (key) => nameArrivals(key as ArrivalProcess),
  describe: (load) => `${load} requests/s offered`,
};
