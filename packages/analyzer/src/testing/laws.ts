/** Little's law: N = X R. Throughput (1/s) times time in the system (s) is the number in the system. */
export function littlesLaw(throughputPerSecond: number, responseSeconds: number): number {
  return throughputPerSecond * responseSeconds;
}

/**
 * Interactive response time law: R = N / X − Z.
 * @see Denning and Buzen 1978, ACM Computing Surveys 10(3)
 */
export function interactiveResponse(
  users: number,
  throughputPerSecond: number,
  thinkSeconds: number,
): number {
  return users / throughputPerSecond - thinkSeconds;
}

/** Utilisation law: U = X S / c, the share of c servers that is busy. */
export function utilization(throughputPerSecond: number, demandSeconds: number, servers = 1): number {
  return (throughputPerSecond * demandSeconds) / servers;
}
