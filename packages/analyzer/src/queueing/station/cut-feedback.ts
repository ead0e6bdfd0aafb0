import { findRoot } from "../numeric/find-root.ts";
import type { TimeoutBehaviour } from "./simulate.ts";

/** A closed system whose requests time out. Times in seconds. */
export interface CutSystem {
  readonly users: number;
  /** Z: think time. */
  readonly thinkSeconds: number;
  /** D: delay of each request outside the station. */
  readonly delaySeconds: number;
  /** R at the station as a function of the users' time away between requests; decreasing. */
  readonly respond: (awaySeconds: number) => number;
  /** R of a station that always holds n requests, n ≥ users and not necessarily whole: n / μ(n). */
  readonly crowded: (requests: number) => number;
  /** Maximum throughput of the station, requests per second. */
  readonly mostPerSecond: number;
  /** E[min(D + R, L)] as a function of the mean R at the station. */
  readonly cutMean: (responseSeconds: number) => number;
  readonly limitSeconds: number;
}

/** Relative step of the search for the first fixed point. */
const STEP = 1.05;
/** If no R up to this many limits solves the equation, none does. */
const MAX_LIMITS = 30;

/** Away for this many limits: effectively alone at the station. */
const LONG = 1e6;

/**
 * Solves for R, the mean time at the station when timed-out requests change its load: the fixed point of
 * `respond` at the time away A for which the station holds as many requests as it really does.
 *
 * With M = E[min(D + R, L)] a user's cycle takes M + Z. Per cycle, the station holds the user's request for
 * M − D if time-outs cancel it, and for R if it keeps running; a system without time-outs holds it for R out
 * of R + A. So A = (D + Z) R / (M − D) if cancelled (longer than without time-outs), and A = M + Z − R if it
 * keeps running (shorter). If that is negative, there are more requests than users: n = N R / (M + Z).
 *
 * @returns Infinity if requests that keep running arrive faster than the station can finish them
 * @see Denning and Buzen 1978, ACM Computing Surveys 10(3): Little's law for a part of a system
 */
export function responseUnderCuts(system: CutSystem, timeoutBehaviour: TimeoutBehaviour): number {
  const { users, thinkSeconds, delaySeconds, respond, crowded, mostPerSecond, cutMean, limitSeconds } =
    system;
  const away = thinkSeconds + delaySeconds;
  const alone = respond(away);
  const within = (response: number) => cutMean(response) - delaySeconds;
  if (limitSeconds <= delaySeconds || alone - within(alone) < 1e-12 * alone) return alone;
  if (timeoutBehaviour === "cancelled") {
    // Decreasing in R, so the fixed point is unique.
    // R / (M − D) ≥ 1; if both vanish, rounding would leave 0 / 0.
    const longer = (response: number) => Math.min(LONG, Math.max(1, response / within(response) || 1));
    const excess = (response: number) => respond(away * longer(response)) - response;
    return away === 0 ? alone : findRoot(excess, respond(LONG * (away + limitSeconds)), alone);
  }
  if (users / (limitSeconds + thinkSeconds) >= mostPerSecond) return Number.POSITIVE_INFINITY;
  const excess = (response: number) => {
    const cycle = cutMean(response) + thinkSeconds;
    const left = cycle - response;
    return (left >= 0 ? respond(left) : crowded((users * response) / cycle)) - response;
  };
  // Increasing in R, so there may be several fixed points: a run that starts empty settles at the first. The
  // step does not depend on the users, so that more users never find an earlier one.
  let low = alone;
  for (
    let step = Math.floor(Math.log(alone) / Math.log(STEP)) + 1;
    STEP ** step < MAX_LIMITS * limitSeconds;
    step++
  ) {
    const high = STEP ** step;
    if (excess(high) <= 0) return findRoot(excess, low, high);
    low = high;
  }
  return Number.POSITIVE_INFINITY;
}
