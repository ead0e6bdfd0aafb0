export interface OpenSolution {
  /** ρ = λ S / c. */
  readonly utilization: number;
  /** Probability that an arriving request has to wait (Erlang C). */
  readonly waitProbability: number;
  /** Mean time in the system, seconds; Infinity when ρ ≥ 1. */
  readonly responseSeconds: number;
}

/**
 * M/M/c: requests arrive at rate λ whatever the answers do (an open loop).
 *
 * @param arrivalsPerSecond λ > 0
 * @param demandSeconds S > 0
 * @param servers c, integer ≥ 1
 * @see Kleinrock 1975, Queueing Systems I, section 3.5 (Erlang's C formula)
 */
export function solveOpen(arrivalsPerSecond: number, demandSeconds: number, servers: number): OpenSolution {
  if (!Number.isInteger(servers) || servers < 1)
    throw new RangeError(`servers is ${servers}, not a whole number from 1 on`);
  const load = arrivalsPerSecond * demandSeconds;
  const rho = load / servers;
  if (rho >= 1) return { utilization: rho, waitProbability: 1, responseSeconds: Number.POSITIVE_INFINITY };
  // Erlang B by its recursion, then C.
  let blocking = 1;
  for (let n = 1; n <= servers; n++) blocking = (load * blocking) / (n + load * blocking);
  const waitProbability = blocking / (1 - rho * (1 - blocking));
  return {
    utilization: rho,
    waitProbability,
    responseSeconds: demandSeconds + (waitProbability * demandSeconds) / (servers * (1 - rho)),
  };
}
