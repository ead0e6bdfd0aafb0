/**
 * A closed system of one station: users think (Z), send a request over a delay (D), and wait for the
 * function's host. All times in seconds.
 */
export interface ModelParameters {
  /** S: work of one request when it is alone on the host. */
  readonly demandSeconds: number;
  /** c: requests that the host serves at full speed at once; not necessarily whole. */
  readonly servers: number;
  /** β: share by which each further request in service lengthens everybody's work, ≥ 0. */
  readonly contention: number;
  /** k: hosts of this kind, over which requests are spread evenly; c counts the servers of all. Absent: 1. */
  readonly replicas?: number;
  /** D: network and gateway, felt by every request, shared by none. */
  readonly delaySeconds: number;
  /**
   * `first-come`: requests are served in the order of their arrival by users with constant think times.
   * Absent: they share the host (processor sharing).
   */
  readonly discipline?: "first-come";
  /** Coefficient of variation of one request's work. */
  readonly demandVariation: number;
  /** Standard deviation of a request's waiting as a share of its waiting (response-time.ts). */
  readonly waitVariation: number;
}

/** 1 + β (n/k − 1): by how much n requests on k hosts lengthen each other's work; none where each is alone. */
function loss(
  { contention, replicas = 1 }: Pick<ModelParameters, "contention" | "replicas">,
  n: number,
): number {
  return 1 + contention * Math.max(0, n / replicas - 1);
}

/**
 * μ(n): requests per second that the station finishes with n requests in service, processor sharing.
 * μ(n) = min(n, c) / (S (1 + β (n/k − 1)))
 *
 * @see Gunther 2007, Guerrilla Capacity Planning: contention as a linear loss per further user
 */
export function serviceRate(
  parameters: Pick<ModelParameters, "demandSeconds" | "servers" | "contention" | "replicas">,
  n: number,
): number {
  const { demandSeconds, servers } = parameters;
  return Math.min(n, servers) / (demandSeconds * loss(parameters, n));
}

/** The largest μ(n) of n up to `requests`: at the servers, since contention only costs beyond them. */
export function mostPerSecond(
  parameters: Pick<ModelParameters, "demandSeconds" | "servers" | "contention" | "replicas">,
  requests = Number.POSITIVE_INFINITY,
): number {
  const loads = [Math.floor(parameters.servers), Math.ceil(parameters.servers)];
  return Math.max(...loads.map((n) => serviceRate(parameters, Math.max(1, Math.min(n, requests)))));
}

/** What no response is below: R ≥ max(S, N / μ − A), μ the largest rate of up to N requests, A the time away. */
export function leastResponse(
  parameters: Pick<ModelParameters, "demandSeconds" | "servers" | "contention" | "replicas">,
  users: number,
  awaySeconds: number,
): number {
  return Math.max(parameters.demandSeconds, users / mostPerSecond(parameters, users) - awaySeconds);
}

/**
 * Speed of the i-th of n requests in service (i from 0), as a share of its speed alone; all together μ(n) S.
 * Sharing gives each the same; first come, first served gives the first ones whole servers.
 */
export function paceOf(
  parameters: Pick<ModelParameters, "servers" | "contention" | "discipline" | "replicas">,
  index: number,
  n: number,
): number {
  const { servers, discipline } = parameters;
  const longer = loss(parameters, n);
  if (discipline === "first-come") return Math.max(0, Math.min(1, servers - index)) / longer;
  return Math.min(1, servers / n) / longer;
}
