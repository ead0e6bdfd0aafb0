import { type ModelParameters, totalDemand } from "../station/parameters.ts";
import type { Comparison } from "./likelihood.ts";

const MAX_VARIATION = 1;
/** Before waiting is seen, it is expected to vary as if so many requests with this share of waiting had shown it. */
const USUAL = { requests: 150, share: 0.2, variation: 1 / 3 };

/**
 * How unevenly requests share the host: as much as the measured round trips vary beyond the simulated ones. Least
 * squares on the squared coefficients of variation, to which sharing adds in proportion to the squared share of waiting.
 */
export function estimateWaitVariation(station: ModelParameters, comparisons: readonly Comparison[]): number {
  const { delaySeconds, waitVariation = 0 } = station;
  const usual = USUAL.requests * USUAL.share ** 4;
  let products = usual * (USUAL.variation ** 2 - waitVariation ** 2);
  let squares = usual;
  for (const { seen, response } of comparisons) {
    if (seen.cutRequests > 0) continue;
    const waiting = Math.max(0, 1 - (totalDemand(station) + delaySeconds) / seen.uncutMeanSeconds) ** 2;
    const missing = (seen.stdevSeconds / seen.uncutMeanSeconds) ** 2 - response.variation ** 2;
    products += seen.requests * waiting * missing;
    squares += seen.requests * waiting ** 2;
  }
  const variance = waitVariation ** 2 + products / squares;
  return Math.sqrt(Math.min(MAX_VARIATION ** 2, Math.max(0, variance)));
}
