import { CONFIDENCE_LEVEL } from "../../stats/interval.ts";
import { quantile } from "../../stats/quantile.ts";

/** Whether a request started cold, after its instance was idle. */
export interface IdleGap {
  readonly seconds: number;
  readonly isCold: boolean;
}

/** Plausible keep-alives, each as likely as any other; ascending, seconds. */
export type KeepAlives = readonly number[];

const MIN_SECONDS = 0.5;
const MAX_SECONDS = 3600;
const GRID = 1000;
const DRAWS = 99;
/** Share of requests that are taken for cold or warm by mistake, at least and at most. */
const MISTAKES = { min: 0.002, max: 0.3 };

/**
 * The posterior distribution of the idle time after which an instance is gone: cold after longer gaps, warm after
 * shorter ones, up to mistakes. Before the gaps are seen, each order of magnitude up to an hour is equally likely.
 */
export function findKeepAlives(gaps: readonly IdleGap[]): KeepAlives {
  const sorted = gaps.toSorted((a, b) => a.seconds - b.seconds);
  const mistakeShare = shareOfMistakes(sorted);
  const mistakeCost = Math.log((1 - mistakeShare) / mistakeShare);
  // With a keep-alive below all gaps, each warm one is a mistake; every gap that it exceeds changes that by one.
  let mistakes = sorted.filter(({ isCold }) => !isCold).length;
  let next = 0;
  const grid = Array.from({ length: GRID }, (_, index) => {
    const seconds = MIN_SECONDS * (MAX_SECONDS / MIN_SECONDS) ** (index / (GRID - 1));
    for (; next < sorted.length && (sorted[next]?.seconds ?? 0) <= seconds; next++)
      mistakes += sorted[next]?.isCold ? 1 : -1;
    return { seconds, log: -mistakeCost * mistakes };
  });
  const most = Math.max(...grid.map(({ log }) => log));
  const weights = grid.map(({ log }) => Math.exp(log - most));
  const total = weights.reduce((sum, one) => sum + one, 0);
  const draws: number[] = [];
  let below = 0;
  for (const [index, weight] of weights.entries()) {
    below += weight / total;
    while (draws.length < DRAWS && (draws.length + 0.5) / DRAWS <= below)
      draws.push(grid[index]?.seconds ?? MAX_SECONDS);
  }
  return draws;
}

/** From the shorter half of the gaps, where hardly any request is cold. */
function shareOfMistakes(sorted: readonly IdleGap[]): number {
  const short = sorted.slice(0, Math.ceil(sorted.length / 2));
  const share = short.filter(({ isCold }) => isCold).length / short.length;
  return Math.min(MISTAKES.max, Math.max(MISTAKES.min, Number.isNaN(share) ? 0 : share));
}

/** Median and 95% interval. */
export const describeKeepAlives = (draws: KeepAlives) => ({
  seconds: quantile(draws, 0.5),
  low: quantile(draws, (1 - CONFIDENCE_LEVEL) / 2),
  high: quantile(draws, (1 + CONFIDENCE_LEVEL) / 2),
});
