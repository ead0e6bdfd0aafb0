import { normalCdf } from "../numeric/normal.ts";
import {
  chanceAt,
  logSpread,
  meanOverClasses,
  meanResponse,
  type ResponseTime,
  responseStdev,
  responsesByClass,
} from "./response-time.ts";

/** A distribution of round trips with a time limit applied. */
export interface LimitedResponse {
  /** E[min(R, L)]: mean round trip as clients see it; a timed-out request counts with the limit. */
  readonly cutMeanSeconds: number;
  /** Standard deviation of min(R, L). */
  readonly cutStdevSeconds: number;
  /** P(R ≤ L). */
  readonly successRate: number;
}

/**
 * Round trips R = D + S A + W B (ResponseTime) under a time limit L. With z at R = L, and a and b the standard
 * deviations of ln A and ln B:
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
  if (response.classes !== undefined) return overClasses(response, limitSeconds);
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

/** Means add up over the classes, and so do second moments. */
function overClasses(response: ResponseTime, limitSeconds: number): LimitedResponse {
  const parts = responsesByClass(response).map(({ share, response: own }) => ({
    share,
    ...applyTimeLimit(own, limitSeconds),
  }));
  // The shares may add up to slightly more than 1.
  const cutMeanSeconds = Math.min(
    limitSeconds,
    meanOverClasses(parts, (part) => part.cutMeanSeconds),
  );
  const variance = meanOverClasses(
    parts,
    (part) => part.cutStdevSeconds ** 2 + (part.cutMeanSeconds - cutMeanSeconds) ** 2,
  );
  return {
    cutMeanSeconds,
    cutStdevSeconds: Math.sqrt(variance),
    successRate: Math.min(
      1,
      meanOverClasses(parts, (part) => part.successRate),
    ),
  };
}
