import { formatInteger, formatUsers } from "../../core/format.ts";
import { quantile } from "../../stats/quantile.ts";
import type { FigureTable } from "../figure.ts";
import { type BeyondAxis, beyondAxisNotes, seconds, thinkName } from "../text.ts";
import { boxOf, type SortedCell, type ThinkDistribution } from "./data.ts";

export const AXES = { x: "round trip (s)", y: "share of requests (%)", users: "users" } as const;

export const distributionTitle = ({ think }: ThinkDistribution): string =>
  `Distribution of round trips, ${thinkName(think)}`;

export function boxText(cell: SortedCell): string {
  const [low, lower, middle, upper, high] = boxOf(cell).map(seconds);
  return `${formatUsers(cell.users)}: median ${middle} s, middle half ${lower} to ${upper} s, 5% to 95% ${low} to ${high} s`;
}

export function distributionNotes(
  { drawn, cellCount }: ThinkDistribution,
  beyond: BeyondAxis,
): readonly string[] {
  return [
    "Above: share of requests that took no longer. Below: median, middle half, and 5% to 95%. Failed requests are included.",
    ...beyondAxisNotes(beyond, "requests"),
    ...(drawn.length < cellCount ? [`${drawn.length} of ${cellCount} numbers of users are drawn.`] : []),
  ];
}

const PERCENTILES = [5, 25, 50, 75, 95, 99] as const;

export function distributionTable({ drawn }: ThinkDistribution): FigureTable {
  return {
    head: ["users", "requests", ...PERCENTILES.map((percent) => `p${percent} (s)`)],
    rows: drawn.map(({ users, sortedSeconds }) => [
      String(users),
      formatInteger(sortedSeconds.length),
      ...PERCENTILES.map((percent) => seconds(quantile(sortedSeconds, percent / 100))),
    ]),
  };
}
