import type { Interval } from "../../stats/interval.ts";
import type { Range } from "../chart/chart.ts";

export type Verdict = "passes" | "fails" | "undecided";

/** One cell: what it measured, and whether it keeps the limits. */
export interface AnswerPoint {
  /** Users, or offered requests per second. */
  readonly load: number;
  readonly verdict: Verdict;
  /** 95th percentile of the response time. */
  readonly p95Seconds: number;
  readonly p95Interval?: Interval;
  readonly meanSeconds?: number;
  readonly successPercent: number;
  readonly successInterval?: Interval;
}

/** The cells of one think time or arrival process. */
export interface AnswerGroup {
  readonly name: string;
  /** In order of load. */
  readonly points: readonly AnswerPoint[];
  /** The heaviest load that keeps the limits, in words: `16 users`. */
  readonly served?: { readonly load: number; readonly text: string };
  /** The model's interval of the mean response time over the load; absent without a model. */
  readonly band?: readonly Range[];
}

/** What the figure of the answer shows. */
export interface AnswerPlot {
  /** Of the x axis. */
  readonly loadLabel: string;
  /** `4 users`, `2.5 requests/s`. */
  readonly describeLoad: (load: number) => string;
  readonly isWhole: boolean;
  readonly limitSeconds: number;
  /** The limit is the clients' own time limit: no response takes longer. */
  readonly isTimeLimit: boolean;
  readonly limitPercent: number;
  readonly groups: readonly AnswerGroup[];
}

/** Times up to so many limits are all shown; of longer ones only this many limits, or the limit could not be told from 0. */
const SHOWN_LIMITS = 8;
const MAX_LIMITS = 4;

/** The upper end of the axis of times, seconds. */
export function answerCeiling({ groups, limitSeconds, isTimeLimit }: AnswerPlot): number {
  const points = groups.flatMap((group) => group.points);
  const shown = points.flatMap(({ p95Seconds, p95Interval }) => [p95Seconds, p95Interval?.high ?? 0]);
  // A few requests that time out may lift a mean far above the 95th percentile: it is left out then.
  const most = SHOWN_LIMITS * limitSeconds;
  const means = points.flatMap(({ meanSeconds = 0 }) => (meanSeconds <= most ? meanSeconds : []));
  const longest = Math.max(0, ...shown, ...means);
  const limit = 1.15 * limitSeconds;
  // A time limit far above all responses would press them onto the axis.
  if (isTimeLimit && longest < 0.4 * limitSeconds) return 1.2 * longest || limit;
  return longest > most ? MAX_LIMITS * limitSeconds : Math.max(1.05 * longest, limit);
}

/** The lower end of the axis of success rates, percent: a round number below all rates and the limit. */
export function answerFloor({ groups, limitPercent }: AnswerPlot): number {
  const rates = groups.flatMap(({ points }) =>
    points.map(({ successPercent, successInterval }) =>
      Math.min(successPercent, successInterval?.low ?? 100),
    ),
  );
  const lowest = Math.min(limitPercent, ...rates);
  return [98, 95, 90, 80, 50].find((floor) => floor < lowest) ?? 0;
}
