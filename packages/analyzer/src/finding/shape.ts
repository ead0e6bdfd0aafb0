import { solveClosed } from "../queueing/station/closed-network.ts";
import { serviceRate } from "../queueing/station/parameters.ts";

/** Mean response time at one load. */
export interface ShapePoint {
  readonly load: number;
  readonly responseSeconds: number;
}

/** Servers are tried at this many numbers from 1 to twice the greatest load, evenly by ratio. */
const SERVER_STEPS = 40;
/** Beyond, the exact solution would take long and differs from its limit by nothing that matters. */
const MAX_EXACT_USERS = 1000;

/**
 * How response times bend over the number of users: those of slbench's queueing model (one station, shared), its demand
 * from the fewest users, its servers from all. It only guides where to measure, so neither contention nor intervals
 * are needed, and it takes a millisecond.
 *
 * @param points at least one
 * @returns ln of the mean response time (s) at a number of users
 *
 * @example
 * ```ts
 * const shape = fitShape([{ load: 1, responseSeconds: 1 }, { load: 8, responseSeconds: 4 }], 0);
 * Math.exp(shape(16)).toFixed(1); // "7.9"
 * ```
 */
export function fitShape(points: readonly ShapePoint[], thinkSeconds: number): (users: number) => number {
  const usable = points.filter(
    ({ responseSeconds }) => responseSeconds > 0 && Number.isFinite(responseSeconds),
  );
  const lightest = usable.reduce<ShapePoint | undefined>(
    (best, point) => (best === undefined || point.load < best.load ? point : best),
    undefined,
  );
  if (lightest === undefined) return Math.log;
  const demandSeconds = lightest.responseSeconds;
  const most = Math.max(...usable.map(({ load }) => load));
  let best = { servers: 1, squares: Number.POSITIVE_INFINITY };
  for (let step = 0; step < SERVER_STEPS; step++) {
    const servers = (2 * most) ** (step / (SERVER_STEPS - 1));
    const squares = usable.reduce((sum, { load, responseSeconds }) => {
      const miss = Math.log(responseSeconds) - logResponse(load, demandSeconds, servers, thinkSeconds);
      return sum + miss * miss;
    }, 0);
    // Of numbers that say the same, the smallest: a saturation that was not seen must not be far away.
    if (squares < best.squares - 1e-9) best = { servers, squares };
  }
  const known = new Map<number, number>();
  return (users) => {
    const found = known.get(users) ?? logResponse(users, demandSeconds, best.servers, thinkSeconds);
    known.set(users, found);
    return found;
  };
}

function logResponse(users: number, demandSeconds: number, servers: number, thinkSeconds: number): number {
  if (users > MAX_EXACT_USERS)
    return Math.log(Math.max(demandSeconds, (users * demandSeconds) / servers - thinkSeconds));
  const parameters = { demandSeconds, servers, contention: 0 };
  const at = (whole: number) =>
    solveClosed(whole, thinkSeconds, (n) => serviceRate(parameters, n)).responseSeconds;
  const below = Math.max(1, Math.floor(users));
  const share = Math.min(1, Math.max(0, users - below));
  const low = Math.log(at(below));
  return share === 0 ? low : low + share * (Math.log(at(below + 1)) - low);
}
