import { findRoot } from "../numeric/find-root.ts";

/**
 * What becomes of a request that was cut at the limit: its process is killed, or goes on and occupies the host.
 */
export type TimeoutBehaviour = "cancelled" | "keeps-running";

/** A closed system whose requests are cut at a limit. Times in seconds. */
export interface CutSystem {
  readonly users: number;
  /** Z: think time. */
  readonly thinkSeconds: number;
  /** D: delay of each request outside the station. */
  readonly delaySeconds: number;
  /** R at the station if its users were away for so long between requests; falls with it. */
  readonly respond: (awaySeconds: number) => number;
  /** R of a station that n requests never leave, n ≥ users and not necessarily whole: n / μ(n). */
  readonly crowded: (requests: number) => number;
  /** The most requests per second that the station finishes, however many there are. */
  readonly mostPerSecond: number;
  /** E[min(D + R, L)] of a mean R at the station. */
  readonly cutMean: (responseSeconds: number) => number;
  readonly limitSeconds: number;
}

/** Steps of the search for the first fixed point, as a share. */
const STEP = 1.05;
/** Where a response of so many limits solves nothing, no response does. */
const MAX_LIMITS = 30;

/** So many times the limit away: as good as alone at the station. */
const LONG = 1e6;

/**
 * R, the mean time that a request needs at the station once cut requests change its load: the fixed point of
 * `respond` with an away time A that gives the station as many requests as it really holds.
 *
 * With M = E[min(D + R, L)] a user comes round every M + Z. The station holds, of each user,
 * a request for M − D where cut ones leave it (released), for R where they go on (occupied); a system without
 * cuts holds it for R of R + A. So A = (D + Z) R / (M − D) for released, longer than without cuts, and
 * A = M + Z − R for occupied, shorter; where that is below 0 there are more requests than users,
 * n = N R / (M + Z).
 *
 * @returns Infinity where requests that go on arrive faster than the station can finish them
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
    // Falls with R, so there is one fixed point.
    // R / (M − D) is 1 at least; where both vanish, rounding leaves 0 / 0.
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
  // It grows with R and there may be several: the first is where a run that starts empty comes to rest. The
  // steps do not depend on the users, so that more of them never find an earlier one.
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
