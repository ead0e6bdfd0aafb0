/** What an autoscaler sees at one moment. */
export interface Load {
  /** Requests at a replica. */
  readonly inFlight: number;
  /** Requests that wait in the gateway. */
  readonly queued: number;
  /** Replicas that serve. */
  readonly ready: number;
  /** Replicas that were started and do not serve yet. */
  readonly starting: number;
  /** Requests completed since the start, for `openfaas` by rps. */
  readonly completed?: number;
  /** CPU seconds that all replicas have used since the start, for `openfaas` by cpu. */
  readonly cpuSeconds?: number;
}

/** Requests in the system. */
export function requests(load: Load): number {
  return load.inFlight + load.queued;
}

/**
 * A rule that chooses the number of replicas. It has no clock and no timers: the caller passes the time in seconds,
 * never decreasing, from any origin. Decisions that come at an interval come at multiples of it on that clock.
 */
export interface Autoscaler {
  /** Call after every change, with the counts right after it, and then ask for `wanted`. */
  observe(atSeconds: number, load: Load): void;
  /** Replicas wanted now, ready and starting together. */
  wanted(atSeconds: number): number;
  /** When to ask for `wanted` again if nothing is observed before; Infinity: only after the next observation. */
  nextAt(atSeconds: number): number;
}

/** `value`, but at least `min` and at most `max`. */
export function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/** Replicas for a load; rounded at six decimals first, so that 3.0000000001 does not need 4. */
export function replicasFor(load: number, target: number): number {
  return Math.ceil(Math.floor((load / target) * 1e6) / 1e6);
}

/** The first multiple of an interval after a time. */
export function nextMultiple(afterSeconds: number, intervalSeconds: number): number {
  return (Math.floor(afterSeconds / intervalSeconds) + 1) * intervalSeconds;
}
