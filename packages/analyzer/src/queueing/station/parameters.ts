import type { ColdStarts } from "./instances.ts";
import { type JointStations, joinStations } from "./joint-stations.ts";
import type { OtherStation } from "./other-station.ts";
import type { SizeEffect } from "./sizes.ts";

/**
 * A closed system with one station, or two: users think (Z), send a request over a delay (D), and wait for the
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
  /** Absent: requests slow each other down evenly. */
  readonly knee?: Knee;
  /** D: network and gateway delay per request, without queueing. */
  readonly delaySeconds: number;
  /**
   * `first-come`: first come, first served, with constant think times. Absent: processor sharing.
   */
  readonly discipline?: "first-come";
  /** The station that every request passes first, with a demand that varies as this one's; absent if there is only one. */
  readonly other?: OtherStation;
  /** How the demand depends on the size of a request; absent: not at all. Then S is the demand of the mean size. */
  readonly sizes?: SizeEffect;
  /** Absent: none. */
  readonly coldStarts?: ColdStarts;
  /** Coefficient of variation of the service demand, among requests of one size if the demand depends on size. */
  readonly demandVariation: number;
  /** How unevenly requests share the host: coefficient of variation of the time that sharing adds. Absent: 0. */
  readonly waitVariation?: number;
}

/** Something that overflows, such as a cache or memory: beyond some requests on a host, all of them take longer. */
export interface Knee {
  readonly beyond: number;
  /** Factor of the service demands, ≥ 1. */
  readonly slowdown: number;
}

/** What is known of a station before its parameters are searched. */
export type KnownTerms = Pick<ModelParameters, "sizes" | "coldStarts">;

/** What decides how requests on a host slow each other down. */
export type Slowed = Pick<ModelParameters, "contention" | "replicas" | "knee">;

/**
 * 1 + β (n/k − 1): the factor by which n requests on k hosts lengthen each other's service; 1 if alone. Beyond a knee,
 * times its slowdown.
 */
export function loss({ contention, replicas = 1, knee }: Slowed, n: number): number {
  const own = 1 + contention * Math.max(0, n / replicas - 1);
  return knee !== undefined && n / replicas > knee.beyond ? knee.slowdown * own : own;
}

type Rated = Slowed & Pick<ModelParameters, "demandSeconds" | "servers" | "other">;

/**
 * μ(n): throughput of the station with n requests in service, requests per second, processor sharing.
 * μ(n) = min(n, c) / (S (1 + β (n/k − 1))). Of two stations: their throughput with n requests at both together, so that
 * they count as one station for everything around them.
 *
 * @see Gunther 2007, Guerrilla Capacity Planning: contention as a linear loss per additional user
 * @see Chandy, Herzog, Woo 1975, IBM Journal of Research and Development 19(1): Norton's theorem for queueing networks
 */
export function serviceRate(parameters: Rated, n: number): number {
  const { other } = parameters;
  if (other === undefined) return stationRate(parameters, n);
  if (n > MAX_JOINT) return Math.min(n / totalDemand(parameters), mostPerSecond(parameters));
  return jointOf(parameters, n).rates[n] as number;
}

const stationRate = (parameters: Omit<Rated, "other">, n: number): number =>
  Math.min(n, parameters.servers) / (parameters.demandSeconds * loss(parameters, n));

/** With more requests at both stations, their throughput is taken for the smaller of its two upper bounds. */
const MAX_JOINT = 200;

const joints = new WeakMap<Rated, JointStations>();

/** Both stations with up to n requests at them. */
function jointOf(parameters: Rated, n: number): JointStations {
  const known = joints.get(parameters);
  if (known !== undefined && known.rates.length > n) return known;
  const other = { ...(parameters.other as OtherStation), contention: 0 };
  const joint = joinStations(
    (one) => stationRate(parameters, one),
    (one) => stationRate(other, one),
    Math.min(MAX_JOINT, Math.max(n, 2 * (known?.rates.length ?? 0))),
  );
  joints.set(parameters, joint);
  return joint;
}

/** Of n requests at both stations: how many are not at the other one, on average. */
export function presentAtMain(parameters: Rated, n: number): number {
  if (n <= MAX_JOINT) return jointOf(parameters, n).atFirst[n] as number;
  return (n / MAX_JOINT) * (jointOf(parameters, MAX_JOINT).atFirst[MAX_JOINT] as number);
}

/** Service demand of one request that is alone, at all stations; seconds. */
export const totalDemand = ({ demandSeconds, other }: Pick<Rated, "demandSeconds" | "other">): number =>
  demandSeconds + (other?.demandSeconds ?? 0);

/** The largest μ(n) for n ≤ `requests`: reached at c servers or at the knee, since beyond them more requests only cost. */
export function mostPerSecond(parameters: Rated, requests = Number.POSITIVE_INFINITY): number {
  const { servers, other, knee, replicas = 1 } = parameters;
  const at = (n: number) => stationRate(parameters, Math.max(1, Math.min(n, requests)));
  const peaks = [Math.floor(servers), Math.ceil(servers)];
  if (knee !== undefined) peaks.push(Math.floor(knee.beyond * replicas));
  const most = Math.max(...peaks.map(at));
  if (other === undefined) return most;
  return Math.min(most, Math.max(1, Math.min(other.servers, requests)) / other.demandSeconds);
}

/** Lower bound of R: max(S, N / μ − A), with μ the largest rate of up to N requests and A the time away. */
export function leastResponse(parameters: Rated, users: number, awaySeconds: number): number {
  return Math.max(totalDemand(parameters), users / mostPerSecond(parameters, users) - awaySeconds);
}

/** Two stations as one that has the demand of both, and as many servers as give it their capacity. */
export function asOneStation(parameters: ModelParameters): ModelParameters {
  const { other, ...one } = parameters;
  if (other === undefined) return parameters;
  const demandSeconds = totalDemand(parameters);
  return { ...one, demandSeconds, servers: Math.max(1, demandSeconds * mostPerSecond(parameters)) };
}
