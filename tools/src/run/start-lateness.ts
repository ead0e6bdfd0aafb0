import type { StartedUser } from "../results/journals.ts";

/** A user of a cell: its worker and its number on that worker, both from 1. */
export interface Ramp {
  readonly users: number;
  readonly workers: number;
  /** Absent: all users start together. */
  readonly startRatePerSecond?: number;
}

/** How far a cell's starts were behind the ramp. */
export interface StartLateness {
  /** Share of started users that were more than a second late, 0..1. */
  readonly lateRatio: number;
  readonly maxSeconds: number;
}

/**
 * Compares actual starts with the ramp (user j, from 0, of worker i starts at turn j × workers + i).
 *
 * The most punctual user of each worker sets its zero, so neither a common delay nor a wrong clock counts.
 * @returns undefined if no worker has two started users
 */
export function startLateness(
  started: readonly StartedUser[],
  ramp: Ramp,
  lateSeconds: number,
): StartLateness | undefined {
  const delays = delaysByWorker(started, ramp);
  const late = [...delays.values()]
    .filter((all) => all.length > 1)
    .flatMap((all) => {
      const zero = Math.min(...all);
      return all.map((delay) => (delay - zero) / 1000);
    });
  if (late.length === 0) return undefined;
  return {
    lateRatio: late.filter((seconds) => seconds > lateSeconds).length / late.length,
    maxSeconds: late.reduce((most, seconds) => Math.max(most, seconds), 0),
  };
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
