import type { StartedUser } from "../../results/journals.ts";

/** A user of a cell: its worker and its number on that worker, both from 1. */
export interface Ramp {
  readonly users: number;
  readonly workers: number;
  /** Absent: all users start together. */
  readonly startRatePerSecond?: number;
}

/** How far a cell's starts were behind the ramp. */
export interface Lateness {
  /** Share of started users that were more than a second late, 0..1. */
  readonly lateRatio: number;
  readonly maxSeconds: number;
}

/** Of all users, and of each worker's, which has its number from 1. */
export interface StartLateness extends Lateness {
  readonly workers: readonly (Lateness & { readonly worker: number; readonly users: number })[];
}

/**
 * Compares actual starts with the ramp (user j, from 0, of worker i starts at turn j × workers + i).
 *
 * The most punctual user sets the zero, so a common delay does not count: that of all workers whose clocks are known
 * against each other, or of its worker, whose clock may be wrong.
 * @param offsetsSeconds each worker's clock minus the common one, in order; undefined: unknown
 * @returns undefined if no user can be compared with another one
 */
export function startLateness(
  started: readonly StartedUser[],
  ramp: Ramp,
  lateSeconds: number,
  offsetsSeconds: readonly (number | undefined)[] = [],
): StartLateness | undefined {
  const workers = latenessByWorker(started, ramp, offsetsSeconds);
  const sum = (late: readonly number[]) => ({
    lateRatio: late.filter((seconds) => seconds > lateSeconds).length / late.length,
    maxSeconds: late.reduce((most, seconds) => Math.max(most, seconds), 0),
  });
  if (workers.size === 0) return undefined;
  return {
    ...sum([...workers.values()].flat()),
    workers: [...workers].map(([worker, late]) => ({ worker, users: late.length, ...sum(late) })),
  };
}

/** Seconds behind the most punctual comparable user; without workers whose single user has none. */
function latenessByWorker(
  started: readonly StartedUser[],
  ramp: Ramp,
  offsetsSeconds: readonly (number | undefined)[],
): ReadonlyMap<number, readonly number[]> {
  const known = [...delaysByWorker(started, ramp)].map(([worker, delays]) => {
    const offset = offsetsSeconds[worker - 1];
    return { worker, offset, delays: delays.map((delay) => delay - (offset ?? 0) * 1000) };
  });
  const common = known.flatMap(({ offset, delays }) => (offset === undefined ? [] : delays));
  const late = known.flatMap(({ worker, offset, delays }) => {
    const comparable = offset === undefined ? delays : common;
    const zero = comparable.reduce((least, delay) => Math.min(least, delay), Number.POSITIVE_INFINITY);
    return comparable.length < 2 ? [] : [[worker, delays.map((delay) => (delay - zero) / 1000)] as const];
  });
  return new Map(late.toSorted(([a], [b]) => a - b));
}

/**
 * How late the most recent start due by now is, on workers of this machine: users that are due and have not
 * started count with their wait so far.
 */
export function currentLateness(
  started: readonly StartedUser[],
  ramp: Ramp,
  nowMs: number,
): number | undefined {
  let most: number | undefined;
  for (const [worker, delays] of delaysByWorker(started, ramp)) {
    const zero = Math.min(...delays);
    const users = new Set(started.filter((one) => one.worker === worker).map(({ user }) => user));
    const latest = started
      .filter((one) => one.worker === worker)
      .reduce((last, one) => (one.user > last.user ? one : last));
    let late = latest.startedMs - turnMs(worker, latest.user, ramp) - zero;
    for (let user = 1; (user - 1) * ramp.workers + worker <= ramp.users; user++) {
      if (users.has(user)) continue;
      late = Math.max(late, nowMs - turnMs(worker, user, ramp) - zero);
      break; // later users are due later
    }
    most = Math.max(most ?? 0, late / 1000);
  }
  return most;
}

const turnMs = (worker: number, user: number, { workers, startRatePerSecond }: Ramp) =>
  startRatePerSecond === undefined ? 0 : (((user - 1) * workers + worker - 1) * 1000) / startRatePerSecond;

function delaysByWorker(started: readonly StartedUser[], ramp: Ramp): ReadonlyMap<number, number[]> {
  const delays = new Map<number, number[]>();
  for (const { worker, user, startedMs } of started) {
    const all = delays.get(worker) ?? [];
    delays.set(worker, all);
    all.push(startedMs - turnMs(worker, user, ramp));
  }
  return delays;
}
