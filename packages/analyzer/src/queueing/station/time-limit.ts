import { normalCdf } from "../numeric/normal.ts";
import { chanceAt, logSpread, meanResponse, type ResponseTime, responseStdev } from "./response-time.ts";

/** What a time limit leaves of a distribution of round trips. */
export interface LimitedResponse {
  /** E[min(R, L)]: mean round trip as clients see it, a request that is cut counted with the limit. */
  readonly cutMeanSeconds: number;
  /** Standard deviation of min(R, L). */
  readonly cutStdevSeconds: number;
  /** P(R ≤ L). */
  readonly successRate: number;
}

/**
 * Round trips R = D + S A + W B (ResponseTime) under a time limit L. With z where R reaches L, and a and b the
 * spreads of the logarithms of A and B:
 *
 * P(R ≤ L) = Φ(z), E[min(R, L)] = D + S Φ(z − a) + W Φ(z − b) + (L − D) Φ(−z),
 * E[min(R − D, L − D)²] = S² e^(a²) Φ(z − 2a) + 2 S W e^(ab) Φ(z − a − b) + W² e^(b²) Φ(z − 2b) + (L − D)² Φ(−z).
 *
 * @param limitSeconds L; Infinity for none
 * @see Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 14 (partial moments)
 */
export function applyTimeLimit(response: ResponseTime, limitSeconds: number): LimitedResponse {
  if (limitSeconds === Number.POSITIVE_INFINITY) {
    return {
      cutMeanSeconds: meanResponse(response),
      cutStdevSeconds: responseStdev(response),
      successRate: 1,
    };
  }
  const { delaySeconds, demandSeconds: work, waitingSeconds: wait } = response;
  const room = limitSeconds - delaySeconds;
  const nothing = { cutMeanSeconds: limitSeconds, cutStdevSeconds: 0, successRate: 0 };
  if (room <= 0 || wait === Number.POSITIVE_INFINITY) return nothing;
  const z = chanceAt(response, limitSeconds);
  if (z === Number.NEGATIVE_INFINITY) return nothing;
  const a = logSpread(response.demandVariation);
  const b = logSpread(response.waitVariation);
  const cut = normalCdf(-z);
  const mean = work * normalCdf(z - a) + wait * normalCdf(z - b) + room * cut;
  const square =
    work * work * Math.exp(a * a) * normalCdf(z - 2 * a) +
    2 * work * wait * Math.exp(a * b) * normalCdf(z - a - b) +
    wait * wait * Math.exp(b * b) * normalCdf(z - 2 * b) +
    room * room * cut;
  return {
    cutMeanSeconds: Math.min(limitSeconds, delaySeconds + mean),
    cutStdevSeconds: Math.sqrt(Math.max(0, square - mean * mean)),
    successRate: normalCdf(z),
  };
}
