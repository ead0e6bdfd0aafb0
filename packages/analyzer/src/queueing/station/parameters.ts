import type { ColdStarts } from "./instances.ts";
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
  /** Absent: none. */
  readonly coldStarts?: ColdStarts;
  /** Coefficient of variation of the service demand, among requests of one size if the demand depends on size. */
  readonly demandVariation: number;
  /** How unevenly requests share the host: coefficient of variation of the time that sharing adds. Absent: 0. */
  readonly waitVariation?: number;
}

/** What is known of a station before its parameters are searched. */
export type KnownTerms = Pick<ModelParameters, "sizes" | "coldStarts">;

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
  const { servers } = parameters;
  const at = (n: number) => serviceRate(parameters, Math.max(1, Math.min(n, requests)));
  return Math.max(at(Math.floor(servers)), at(Math.ceil(servers)));
}

/** Lower bound of R: max(S, N / μ − A), with μ the largest rate of up to N requests and A the time away. */
export function leastResponse(
  parameters: Pick<ModelParameters, "demandSeconds" | "servers" | "contention" | "replicas">,
  users: number,
  awaySeconds: number,
): number {
  return Math.max(parameters.demandSeconds, users / mostPerSecond(parameters, users) - awaySeconds);
}
