/** Steady state of a closed system with one load-dependent station. */
export interface ClosedSolution {
  /** X: frames per second. */
  readonly throughputPerSecond: number;
  /** R: mean time at the station, seconds. */
  readonly responseSeconds: number;
  /** p(n), n = 0..N: probability of n requests at the station. */
  readonly probabilities: readonly number[];
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
  const rates = Array.from({ length: users }, (_, index) => rate(index + 1));
  if (!rates.every((value) => value > 0)) throw new RangeError("a service rate is not above 0");
  if (thinkSeconds === 0) {
    const throughput = rates[users - 1] as number;
    const probabilities = Array.from({ length: users + 1 }, (_, n) => (n === users ? 1 : 0));
    return { throughputPerSecond: throughput, responseSeconds: users / throughput, probabilities };
  }
  // Logarithms: the terms span hundreds of powers of ten for large N.
  const logs = [0];
  for (let n = 1; n <= users; n++) {
    logs.push(
      (logs[n - 1] as number) + Math.log((users - n + 1) / (thinkSeconds * (rates[n - 1] as number))),
    );
  }
  const largest = Math.max(...logs);
  const terms = logs.map((value) => Math.exp(value - largest));
  const total = terms.reduce((sum, value) => sum + value, 0);
  const probabilities = terms.map((value) => value / total);
  let throughput = 0;
  let atStation = 0;
  for (let n = 1; n <= users; n++) {
    throughput += (probabilities[n] as number) * (rates[n - 1] as number);
    atStation += (probabilities[n] as number) * n;
  }
  return { throughputPerSecond: throughput, responseSeconds: atStation / throughput, probabilities };
}
