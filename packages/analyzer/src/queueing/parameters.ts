/**
 * A closed system of one station: users think (Z), send a frame over a delay (D), and wait for the
 * function's host. All times in seconds.
 */
export interface ModelParameters {
  /** S: work of one frame when it is alone on the host. */
  readonly demandSeconds: number;
  /** c: requests that the host serves at full speed at once; not necessarily whole. */
  readonly servers: number;
  /** β: share by which each further request in service lengthens everybody's work, ≥ 0. */
  readonly contention: number;
  /** D: network and gateway, felt by every request, shared by none. */
  readonly delaySeconds: number;
  /**
   * `first-come`: requests are served in the order of their arrival by users with constant think times.
   * Absent: they share the host (processor sharing).
   */
  readonly discipline?: "first-come";
  /** Coefficient of variation of one frame's work. */
  readonly demandVariation: number;
  /** Standard deviation of a request's waiting as a share of its waiting. */
  readonly waitVariation: number;
}

/**
 * μ(n): frames per second that the station finishes with n requests in service, processor sharing.
 * μ(n) = min(n, c) / (S (1 + β (n − 1)))
 *
 * @see Gunther 2007, Guerrilla Capacity Planning: contention as a linear loss per further user
 */
export function serviceRate(
  parameters: Pick<ModelParameters, "demandSeconds" | "servers" | "contention">,
  n: number,
): number {
  const { demandSeconds, servers, contention } = parameters;
  return Math.min(n, servers) / (demandSeconds * (1 + contention * (n - 1)));
}

/**
 * Speed of the i-th of n requests in service (i from 0), as a share of its speed alone; all together μ(n) S.
 * Sharing gives each the same; first come, first served gives the first ones whole servers.
 */
export function paceOf(
  parameters: Pick<ModelParameters, "servers" | "contention" | "discipline">,
  index: number,
  n: number,
): number {
  const { servers, contention, discipline } = parameters;
  const loss = 1 + contention * (n - 1);
  if (discipline === "first-come") return Math.max(0, Math.min(1, servers - index)) / loss;
  return Math.min(1, servers / n) / loss;
}
