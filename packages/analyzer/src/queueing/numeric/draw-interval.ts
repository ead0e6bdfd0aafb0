import { CONFIDENCE_LEVEL, type Interval } from "../../stats/interval.ts";

/** 95% interval from draws, widened if necessary to include the point estimate. */
export function drawInterval(values: readonly number[], centre: number): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(p * (sorted.length - 1))))] ?? centre;
  return {
    low: Math.min(centre, at((1 - CONFIDENCE_LEVEL) / 2)),
    high: Math.max(centre, at((1 + CONFIDENCE_LEVEL) / 2)),
  };
}
