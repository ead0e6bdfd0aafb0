import { normalCdf } from "../numeric/normal.ts";

/** A class of requests whose demand and waiting time differ from those of the mean request. */
export interface ResponseClass {
  readonly share: number;
  /** Demand ÷ mean demand. */
  readonly demandRatio: number;
  /** Waiting time ÷ mean waiting time. */
  readonly waitRatio: number;
}

/** The distribution of one round trip without a time limit. */
export interface ResponseTime {
  /** D: network and gateway, the same for all. */
  readonly delaySeconds: number;
  /** S: mean service demand of one request. */
  readonly demandSeconds: number;
  /** W: mean time added by waiting and sharing; Infinity if the queue grows without bound. */
  readonly waitingSeconds: number;
  /** Coefficient of variation of the service demand. */
  readonly demandVariation: number;
  /** Coefficient of variation of the waiting time. */
  readonly waitVariation: number;
  /** Classes of requests; the variations apply within each. The mean of each ratio is 1. Absent: one class. */
  readonly classes?: readonly ResponseClass[];
}

/** Mean of a value over all classes. */
export function meanOverClasses<Class extends { readonly share: number }>(
  classes: readonly Class[],
  figure: (one: Class) => number,
): number {
  return classes.reduce((sum, one) => sum + one.share * figure(one), 0);
}

/** The response times of each class, with its share; the response itself if there are no classes. */
export function responsesByClass(
  response: ResponseTime,
): readonly { readonly share: number; readonly response: ResponseTime }[] {
  const { classes, ...plain } = response;
  if (classes === undefined) return [{ share: 1, response }];
  return classes.map(({ share, demandRatio, waitRatio }) => ({
    share,
    response: {
      ...plain,
      demandSeconds: demandRatio * plain.demandSeconds,
      waitingSeconds: waitRatio * plain.waitingSeconds,
    },
  }));
}

/**
 * One round trip is R = D + S A + W B. A and B are lognormal with mean 1, driven by the same standard normal z:
 * a request with a larger demand also waits longer for those that it shares the host with.
 *
 * R always exceeds D, and for fixed z it grows with W: more users never shorten a round trip, nor make a
 * response within the time limit likelier. (A normal distribution guarantees neither: under heavy load its
 * left tail is negative.)
 *
 * @see Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 14 (lognormal)
 */
export function meanResponse({ delaySeconds, demandSeconds, waitingSeconds }: ResponseTime): number {
  return delaySeconds + demandSeconds + waitingSeconds;
}

/** σ of the logarithm of a lognormal variable with coefficient of variation v: σ² = ln(1 + v²). */
export function logSpread(variation: number): number {
  return Math.sqrt(Math.log1p(variation * variation));
}

/**
 * Standard deviation of one round trip as a function of the mean waiting time W: σ² = (v S)² + (κ W)² + 2 S W (e^(a b) − 1), with
 * a and b the standard deviations of ln A and ln B.
 */
export function stdevOverWaiting({
  demandSeconds,
  demandVariation,
  waitVariation,
}: Omit<ResponseTime, "delaySeconds" | "waitingSeconds">): (waitingSeconds: number) => number {
  const own = (demandVariation * demandSeconds) ** 2;
  const together = 2 * demandSeconds * Math.expm1(logSpread(demandVariation) * logSpread(waitVariation));
  return (waitingSeconds) =>
    Math.sqrt(own + (waitVariation * waitingSeconds) ** 2 + together * waitingSeconds);
}

/** As stdevOverWaiting(), at the response's own waiting time, over all classes. */
export function responseStdev(response: ResponseTime): number {
  if (response.classes === undefined || response.waitingSeconds === Number.POSITIVE_INFINITY)
    return stdevOverWaiting(response)(response.waitingSeconds);
  const mean = meanResponse(response);
  const variance = meanOverClasses(
    responsesByClass(response),
    ({ response: own }) => stdevOverWaiting(own)(own.waitingSeconds) ** 2 + (meanResponse(own) - mean) ** 2,
  );
  return Math.sqrt(variance);
}

/** P(R ≤ seconds), over all classes. */
export function shareWithin(response: ResponseTime, seconds: number): number {
  const ratio = meanOverClasses(responsesByClass(response), ({ response: own }) =>
    normalCdf(chanceAt(own, seconds)),
  );
  // The shares may add up to slightly more than 1.
  return Math.min(1, ratio);
}

/** A smaller part or variation counts as 0: dividing by it would overflow. */
const NOTHING = 1e-9;

/**
 * z at which R reaches `seconds`, so that P(R ≤ seconds) = Φ(z): −Infinity if R is always longer, Infinity if
 * it never is. The response's classes are not considered.
 */
export function chanceAt(response: ResponseTime, seconds: number): number {
  let room = seconds - response.delaySeconds;
  const scattered: { readonly mean: number; readonly spread: number }[] = [];
  for (const [mean, variation] of [
    [response.demandSeconds, response.demandVariation],
    [response.waitingSeconds, response.waitVariation],
  ] as const) {
    const spread = logSpread(variation);
    if (mean > NOTHING * seconds && spread > NOTHING) scattered.push({ mean, spread });
    else room -= mean;
  }
  if (scattered.length === 0) return room >= 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  if (!(room > 0)) return Number.NEGATIVE_INFINITY;
  // Start where one part alone reaches the target, so the sum is too large. The sum is convex in z: from there
  // Newton's method descends monotonically.
  let z = Math.min(
    ...scattered.map(({ mean, spread }) => (Math.log(room / mean) + spread ** 2 / 2) / spread),
  );
  for (let step = 0; step < 100; step++) {
    let excess = -room;
    let slope = 0;
    for (const { mean, spread } of scattered) {
      const value = mean * Math.exp(spread * z - spread ** 2 / 2);
      excess += value;
      slope += spread * value;
    }
    const down = excess / slope;
    z -= down;
    if (Math.abs(down) <= 1e-14 * (1 + Math.abs(z))) break;
  }
  return z;
}
