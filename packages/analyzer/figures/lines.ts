import type { Layer, Point } from "../src/plot/chart/chart.ts";

/** A curve over users that need not be whole, drawn at this many points per user. */
const POINTS_PER_USER = 4;

/** The points of a curve from one number to another. */
export function curve(from: number, to: number, at: (x: number) => number): readonly Point[] {
  const steps = Math.round((to - from) * POINTS_PER_USER);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const x = from + (step / steps) * (to - from);
    return [x, at(x)] as const;
  });
}

/** The points of a curve at whole numbers of users. */
export const overUsers = (most: number, at: (users: number) => number): readonly Point[] =>
  Array.from({ length: most }, (_, index) => [index + 1, at(index + 1)] as const);

export const line = (series: number, points: readonly Point[]): Layer => ({
  series,
  mark: { kind: "line", points },
});
