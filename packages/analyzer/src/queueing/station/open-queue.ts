export interface OpenSolution {
  /** ρ = λ S / c. */
  readonly utilization: number;
  /** Probability that an arriving request has to wait (Erlang C). */
  readonly waitProbability: number;
  /** Mean time in the system, seconds; Infinity when ρ ≥ 1. */
  readonly responseSeconds: number;
}

/**
 * M/M/c: an open loop, in which requests arrive at rate λ regardless of the responses.
 *
 * @param arrivalsPerSecond λ > 0
 * @param demandSeconds S > 0
 * @param servers c, integer ≥ 1
 * @see Kleinrock 1975, Queueing Systems I, section 3.5 (Erlang's C formula)
 *
 * @example
 * ```ts
 * solveOpen(1, 0.5, 1).responseSeconds; // 1
 * ```
 */
export function solveOpen(arrivalsPerSecond: number, demandSeconds: number, servers: number): OpenSolution {
  if (!Number.isInteger(servers) || servers < 1)
    throw new RangeError(`servers is ${servers}, not an integer ≥ 1`);
  const load = arrivalsPerSecond * demandSeconds;
  const rho = load / servers;
  if (rho >= 1) return { utilization: rho, waitProbability: 1, responseSeconds: Number.POSITIVE_INFINITY };
  // Erlang B by recursion, then Erlang C.
  let blocking = 1;
  for (let n = 1; n <= servers; n++) blocking = (load * blocking) / (n + load * blocking);
  const waitProbability = blocking / (1 - rho * (1 - blocking));
  return {
    utilization: rho,
    waitProbability,
    responseSeconds: demandSeconds + (waitProbability * demandSeconds) / (servers * (1 - rho)),
  };
}

/**
 * An open station whose service rate depends on the number of requests in it: the model's station in an open
 * loop. With an integer c and no contention it is M/M/c.
 *
 * @param arrivalsPerSecond λ > 0
 * @param rate μ(n), requests per second with n ≥ 1 requests in service
 * @param busy smallest n from which μ no longer rises
 * @returns mean time in the station, seconds; Infinity if the queue grows without bound
 * @see Lazowska et al. 1984, Quantitative System Performance, section 20.3 (flow-equivalent service centres)
 */
export function openResponseSeconds(
  arrivalsPerSecond: number,
  rate: (n: number) => number,
  busy: number,
): number {
  let weight = 1;
  let total = 1;
  let sum = 0;
  for (let n = 1; n <= MAX_REQUESTS; n++) {
    const ratio = arrivalsPerSecond / rate(n);
    if (n >= busy && ratio >= 1) return Number.POSITIVE_INFINITY;
    weight *= ratio;
    total += weight;
    sum += n * weight;
    // From here on the terms decrease at least geometrically.
    if (n >= busy && (n * weight) / (1 - ratio) < 1e-12 * sum) break;
  }
  return sum / total / arrivalsPerSecond;
}

const MAX_REQUESTS = 1_000_000;
