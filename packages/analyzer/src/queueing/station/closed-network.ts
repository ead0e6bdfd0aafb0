/** Steady state of a closed system with one load-dependent station. */
export interface ClosedSolution {
  /** X: requests per second. */
  readonly throughputPerSecond: number;
  /** R: mean time at the station, seconds. */
  readonly responseSeconds: number;
}

/**
 * Exact product-form solution of N users, a delay Z and a station whose rate μ(n) depends on its load:
 * p(n) ∝ N! / (N − n)! · Z^−n / (μ(1) … μ(n)); with Z = 0 all N are at the station.
 * Holds for any distribution of work under processor sharing.
 *
 * @param users N, integer ≥ 1
 * @param thinkSeconds Z ≥ 0, all time away from the station
 * @param rate μ(n) per second for n = 1..N, each > 0
 * @throws {RangeError} for other arguments
 * @see Baskett, Chandy, Muntz, Palacios 1975, Journal of the ACM 22(2)
 */
export function solveClosed(
  users: number,
  thinkSeconds: number,
  rate: (n: number) => number,
): ClosedSolution {
  if (!Number.isInteger(users) || users < 1)
    throw new RangeError(`users is ${users}, not a whole number from 1 on`);
  if (!(thinkSeconds >= 0)) throw new RangeError(`thinkSeconds is ${thinkSeconds}, not from 0 on`);
  const throughput = checked(rate(users));
  // With next to no time away the terms below would leave the range of numbers.
  if (thinkSeconds * throughput < 1e-15) {
    return { throughputPerSecond: throughput, responseSeconds: users / throughput };
  }
  // Not normalised, and scaled down on the way: the terms span hundreds of powers of ten for large N.
  let term = 1;
  let total = 1;
  let finished = 0;
  let waiting = 0;
  for (let n = 1; n <= users; n++) {
    const speed = checked(rate(n));
    term *= (users - n + 1) / (thinkSeconds * speed);
    total += term;
    finished += term * speed;
    waiting += term * n;
    if (total > LARGE) {
      term /= LARGE;
      total /= LARGE;
      finished /= LARGE;
      waiting /= LARGE;
    }
  }
  return { throughputPerSecond: finished / total, responseSeconds: waiting / finished };
}

/** Far from overflow, with room for one more term. */
const LARGE = 1e150;

function checked(rate: number): number {
  if (rate > 0) return rate;
  throw new RangeError("a service rate is not above 0");
}
