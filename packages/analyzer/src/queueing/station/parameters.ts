import type { SizeEffect } from "./sizes.ts";

/**
 * A closed system with one station: users think (Z), send a request over a delay (D), and wait for the
 * function's host. All times in seconds.
 */
export interface ModelParameters {
  /** S: service demand of one request that is alone on the host. */
  readonly demandSeconds: number;
  /** c: requests that the host serves at full speed at the same time; not necessarily an integer. */
  readonly servers: number;
  /** β: contention; each further request in service lengthens all service demands by this share, ≥ 0. */
  readonly contention: number;
  /** k: identical hosts with requests spread evenly; c counts the servers of all of them. Absent: 1. */
  readonly replicas?: number;
  /** D: network and gateway delay per request, without queueing. */
  readonly delaySeconds: number;
  /**
   * `first-come`: first come, first served, with constant think times. Absent: processor sharing.
   */
  readonly discipline?: "first-come";
  /** How the demand depends on the size of a request; absent: not at all. Then S is the demand of the mean size. */
  readonly sizes?: SizeEffect;
  /** Coefficient of variation of the service demand, among requests of one size if the demand depends on size. */
  readonly demandVariation: number;
  /** Coefficient of variation of the waiting time (response-time.ts). */
  readonly waitVariation: number;
}

/** 1 + β (n/k − 1): the factor by which n requests on k hosts lengthen each other's service; 1 if alone. */
export function loss(
  { contention, replicas = 1 }: Pick<ModelParameters, "contention" | "replicas">,
  n: number,
): number {
  return 1 + contention * Math.max(0, n / replicas - 1);
}

/**
 * μ(n): throughput of the station with n requests in service, requests per second, processor sharing.
 * μ(n) = min(n, c) / (S (1 + β (n/k − 1)))
 *
 * @see Gunther 2007, Guerrilla Capacity Planning: contention as a linear loss per additional user
 */
export function serviceRate(
  parameters: Pick<ModelParameters, "demandSeconds" | "servers" | "contention" | "replicas">,
  n: number,
): number {
  const { demandSeconds, servers } = parameters;
  return Math.min(n, servers) / (demandSeconds * loss(parameters, n));
}

/** The largest μ(n) for n ≤ `requests`: reached at c servers, since contention only costs beyond them. */
export function mostPerSecond(
  parameters: Pick<ModelParameters, "demandSeconds" | "servers" | "contention" | "replicas">,
  requests = Number.POSITIVE_INFINITY,
): number {
  const loads = [Math.floor(parameters.servers), Math.ceil(parameters.servers)];
  return Math.max(...loads.map((n) => serviceRate(parameters, Math.max(1, Math.min(n, requests)))));
}

/** Lower bound of R: max(S, N / μ − A), with μ the largest rate of up to N requests and A the time away. */
export function leastResponse(
  parameters: Pick<ModelParameters, "demandSeconds" | "servers" | "contention" | "replicas">,
  users: number,
  awaySeconds: number,
): number {
  return Math.max(parameters.demandSeconds, users / mostPerSecond(parameters, users) - awaySeconds);
}

/**
 * Speed of the i-th of n requests in service (i from 0) relative to its speed alone; they add up to μ(n) S.
 * Processor sharing gives each the same; first come, first served gives the first ones a whole server.
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
