import type { ModelParameters } from "../station/parameters.ts";
import type { TimeoutBehaviour } from "../station/simulate.ts";

/** How long a replica takes to start. */
export interface StartTime {
  readonly meanSeconds: number;
  /** Coefficient of variation; 0: always the same. */
  readonly variation: number;
}

/** A platform that starts and stops replicas of a function. */
export interface Platform {
  /** One replica that has its machine to itself. */
  readonly replica: ModelParameters;
  /** Requests that a replica takes at a time; Infinity for no limit. */
  readonly concurrency: number;
  /** Servers that all replicas share: the cores of one machine. Infinity: each replica has a machine of its own. */
  readonly hostServers: number;
  readonly startTime: StartTime;
  /** Requests that wait at the gateway at most; further ones fail at once. Infinity for no limit. */
  readonly maxQueued: number;
  readonly timeoutBehaviour: TimeoutBehaviour;
}

/** Users who each send a number of requests, one after another. An open loop is one user per request. */
export interface Senders {
  /** When each user sends its first request, ascending; seconds. */
  readonly startSeconds: readonly number[];
  readonly requestsPerUser: number;
  readonly thinkTimeSeconds: number;
  /** Distribution of think times; absent: constant. */
  readonly think?: "exponential";
}

export interface PlatformRequest {
  readonly user: number;
  readonly startSeconds: number;
  /** As the client sees it: at most the limit. */
  readonly roundTripSeconds: number;
  readonly successful: boolean;
  /** It waited for a replica that started after it arrived. */
  readonly isCold: boolean;
}

export interface PlatformRun {
  /** In the order of the responses. */
  readonly requests: readonly PlatformRequest[];
  /** Time that replicas existed, starting and ending ones included. */
  readonly replicaSeconds: number;
  readonly endSeconds: number;
  readonly maxReplicas: number;
}
