import type { Figure, SearchGoal } from "./search-goal.ts";

/** How close to the true number the answer must be: a number of steps, or a share of the answer, at least one step. */
export type Tolerance = { readonly steps: number } | { readonly ratio: number };

export interface SearchOptions {
  readonly goal: SearchGoal;
  /** Of the whole answer, for example 0.95: half of the rest is spent on each end. */
  readonly confidence: number;
  readonly tolerance: Tolerance;
  /** The first load; default 1. */
  readonly start?: number;
  /** The greatest load to try; absent: 2^20. */
  readonly most?: number;
  /** Time for all runs, seconds; absent: no limit. */
  readonly budgetSeconds?: number;
  /** Mean think time of closed loops; absent: the load is a rate, or replicas. */
  readonly thinkTimeSeconds?: number;
  /** The load is the number of replicas that are taken away from one more than this; absent: users, or a rate. */
  readonly mostReplicas?: number;
}

/** Why a run was made: to find a bracket, or to repeat one of its ends. */
export type Role = "bracket" | "low" | "high";

/** `pass`: that a limit is kept. `fail`: that it is not. */
export type Side = "pass" | "fail";

/** One run of the experiment at one load. Loads are whole numbers: load-scale.ts. */
export interface SearchRun {
  readonly load: number;
  readonly figures: readonly Figure[];
  /** Mean over all responses; it guides the search, whatever the goal is about. */
  readonly responseSeconds: number;
  /** Duration with everything around it. */
  readonly seconds: number;
  /** The load generator was saturated: the run says nothing about the function. */
  readonly isSaturated?: boolean;
  /** The host became faster or slower during the run. It counts, but the answer says so. */
  readonly hasChanged?: boolean;
  /**
   * It was ended as soon as it had missed the goal: its figures are of a part, so it helps to find the bracket and is no
   * evidence. With how long it would have taken.
   */
  readonly endedEarly?: { readonly wholeSeconds: number };
  /** Of an earlier result: it helps to find the bracket, is no evidence, and costs nothing. */
  readonly isReused?: boolean;
}

export interface PlacedRun extends SearchRun {
  readonly role: Role;
  /**
   * For each criterion, what the run counts as evidence for. Decided before the run, so that its result cannot choose
   * its role; undefined: nothing.
   */
  readonly bets: readonly (Side | undefined)[];
}

/** The ends that are repeated: the goal should hold at `low` and fail at `high`. 0 needs no run. */
export interface Bracket {
  readonly low: number;
  readonly high: number;
}

/** Everything a search knows; the same runs in the same order give the same state. */
export interface SearchState {
  readonly options: SearchOptions;
  readonly runs: readonly PlacedRun[];
  /** Absent while a bracket is sought. */
  readonly ends?: Bracket;
}

/** The greatest load of all searches. */
export const MOST_LOAD = 2 ** 20;

export const mostLoad = ({ most = MOST_LOAD }: SearchOptions): number => most;

/**
 * The widest bracket whose middle is within the tolerance of every load that it leaves open: 2 × tolerance + 1.
 * @param load about where the answer is
 */
export function widestBracket({ tolerance }: SearchOptions, load: number): number {
  const steps = "steps" in tolerance ? tolerance.steps : Math.max(1, Math.floor(tolerance.ratio * load));
  return 2 * steps + 1;
}

/**
 * Time that the search itself has taken, s.
 *
 * @example
 * ```ts
 * const state = startSearch({ goal: parseSearchGoal("p95<2s"), confidence: 0.95, tolerance: { steps: 1 } });
 * usedSeconds(addRun(state, { load: 1, seconds: 60, responseSeconds: 1, figures: [], isReused: true })); // 0
 * ```
 */
export const usedSeconds = ({ runs }: SearchState): number =>
  runs.reduce((sum, run) => sum + (run.isReused === true ? 0 : run.seconds), 0);

/** Runs that say something about the function, by load in ascending order. */
export function runsByLoad(state: SearchState): ReadonlyMap<number, readonly PlacedRun[]> {
  const byLoad = new Map<number, PlacedRun[]>();
  for (const run of state.runs) {
    if (run.isSaturated === true) continue;
    const own = byLoad.get(run.load);
    if (own === undefined) byLoad.set(run.load, [run]);
    else own.push(run);
  }
  return new Map([...byLoad].sort(([a], [b]) => a - b));
}
