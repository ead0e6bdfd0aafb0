/** The distribution of one round trip without a time limit. */
export interface ResponseTime {
  /** D: network and gateway, the same for all. */
  readonly delaySeconds: number;
  /** S: mean work of one request alone on the host. */
  readonly demandSeconds: number;
  /** W: mean of what waiting and sharing add; Infinity where the queue never ends. */
  readonly waitingSeconds: number;
  /** Coefficient of variation of the work. */
  readonly demandVariation: number;
  /** Coefficient of variation of the waiting. */
  readonly waitVariation: number;
}

/**
 * One round trip is R = D + S A + W B. A and B are lognormal with mean 1, driven by the same chance z: a request
 * with more work than others is also kept longer by whom it shares the host with.
 *
 * R is above D whatever happens, and with the same z it grows with W: more users never make a round trip
 * shorter, nor an answer within a time limit likelier. (A normal distribution keeps neither: under heavy load
 * its left tail is negative.)
 *
 * @see Johnson, Kotz, Balakrishnan 1994, Continuous Univariate Distributions 1, chapter 14 (lognormal)
 */
export function meanResponse({ delaySeconds, demandSeconds, waitingSeconds }: ResponseTime): number {
  return delaySeconds + demandSeconds + waitingSeconds;
}

/** s of a lognormal variable with coefficient of variation v: s² = ln(1 + v²). */
export function logSpread(variation: number): number {
  return Math.sqrt(Math.log1p(variation * variation));
}

/**
 * Standard deviation of one round trip over its mean waiting W: σ² = (v S)² + (κ W)² + 2 S W (e^(a b) − 1), with
 * a and b the spreads of the logarithms of A and B.
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

/** As stdevOverWaiting(), at the response's own waiting. */
export function responseStdev(response: ResponseTime): number {
  return stdevOverWaiting(response)(response.waitingSeconds);
}

/** A part, or a scatter, so small that it is none: divided by it, numbers overflow. */
const NOTHING = 1e-9;

/**
 * z at which R reaches `seconds`, so that P(R ≤ seconds) = Φ(z): −Infinity where it is always longer, Infinity
 * where it always is within.
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
  // Where one part alone fills the room the sum is too large. From there Newton's steps only go down, since
  // the sum is convex in z.
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
