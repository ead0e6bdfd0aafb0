import { normalCdf, normalDensity } from "./normal.ts";

/** What a time limit leaves of a distribution of response times. */
export interface LimitedResponse {
  /** E[min(R, L)]: mean round trip as clients see it, a request that is cut counted with the limit. */
  readonly cutMeanSeconds: number;
  /** P(R ≤ L). */
  readonly successRate: number;
}

/**
 * Mean and success rate under a time limit L for normally distributed response times:
 * E[min(R, L)] = L − σ (φ(z) + z Φ(z)), P(R ≤ L) = Φ(z), z = (L − m) / σ.
 *
 * @param meanSeconds m, uncut
 * @param stdevSeconds σ ≥ 0
 * @param limitSeconds L; Infinity for none
 * @see Greene, Econometric Analysis, censored normal distribution
 */
export function applyTimeLimit(
  meanSeconds: number,
  stdevSeconds: number,
  limitSeconds: number,
): LimitedResponse {
  if (limitSeconds === Number.POSITIVE_INFINITY) return { cutMeanSeconds: meanSeconds, successRate: 1 };
  if (stdevSeconds <= 0) {
    return {
      cutMeanSeconds: Math.min(meanSeconds, limitSeconds),
      successRate: meanSeconds <= limitSeconds ? 1 : 0,
    };
  }
  const z = (limitSeconds - meanSeconds) / stdevSeconds;
  const cutMeanSeconds = limitSeconds - stdevSeconds * (normalDensity(z) + z * normalCdf(z));
  return { cutMeanSeconds, successRate: normalCdf(z) };
}
