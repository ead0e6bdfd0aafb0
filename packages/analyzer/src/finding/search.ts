import { makeAnswer } from "./answer.ts";
import { seekBracket } from "./bracket.ts";
import { type Claims, makeClaims } from "./claims.ts";
import { makeCurve } from "./curve.ts";
import { chooseEnds, repeatEnd } from "./ends.ts";
import type { Answer, Probe } from "./probe.ts";
import {
  type Role,
  type SearchOptions,
  type SearchRun,
  type SearchState,
  type Side,
  usedSeconds,
  widestBracket,
} from "./search-state.ts";

/**
 * Begins a search. The same runs, added in the same order, always lead to the same probes.
 *
 * @example
 * ```ts
 * startSearch({ goal: parseSearchGoal("p95<2s"), confidence: 0.95, tolerance: { steps: 1 } }).runs; // []
 * ```
 */
export const startSearch = (options: SearchOptions): SearchState => ({ options, runs: [] });

/**
 * Whether a run may end as soon as it has missed the goal. Runs that are to show something may not: those that miss a
 * limit clearly would count less than those that miss it narrowly. Nor may those of an open loop: beyond saturation its
 * response times grow as long as it runs, so a part would seem to miss the limit by less. The first run may not either,
 * because a result needs a whole one.
 *
 * @example
 * ```ts
 * const goal = parseSearchGoal("p95<2s");
 * const state = startSearch({ goal, confidence: 0.95, tolerance: { steps: 1 }, thinkTimeSeconds: 0 });
 * mayEndEarly(state, nextProbe(state) as Probe); // false
 * ```
 */
export const mayEndEarly = ({ options, runs }: SearchState, { role }: Probe): boolean =>
  role === "bracket" &&
  (options.thinkTimeSeconds !== undefined || options.mostReplicas !== undefined) &&
  runs.some(({ isReused, endedEarly }) => isReused !== true && endedEarly === undefined);

/**
 * Adds a run. Runs at another load than nextProbe() asked for help to find the bracket, but are no evidence.
 *
 * @example
 * ```ts
 * const goal = parseSearchGoal("p95<2s");
 * const first = startSearch({ goal, confidence: 0.95, tolerance: { steps: 1 }, thinkTimeSeconds: 0 });
 * const run = { load: 1, seconds: 60, responseSeconds: 0.4, figures: [{ kind: "time", seconds: 0.5, margin: Math.log(4) } as const] };
 * nextProbe(addRun(first, run)); // { kind: "probe", load: 4, role: "bracket", why: "raise", bracket: { low: 1 } }
 * ```
 */
export function addRun(state: SearchState, run: SearchRun): SearchState {
  const next = nextProbe(state);
  const isWhole = run.isReused !== true && run.endedEarly === undefined;
  const isAsked = next.kind === "probe" && next.load === run.load && isWhole;
  const role = isAsked ? next.role : "bracket";
  const placed = { ...run, role, bets: placeBets(state, role, run.load) };
  const added = { ...state, runs: [...state.runs, placed] };
  const ends = chooseEnds(added);
  return ends === undefined ? { options: state.options, runs: added.runs } : { ...added, ends };
}

/**
 * Runs at the low end should show that every limit is kept. Runs at the high end should show that the limits are missed
 * which the curve expects to fail there, and that the others are kept even there, and so at the low end too.
 */
function placeBets(state: SearchState, role: Role, load: number): readonly (Side | undefined)[] {
  const { criteria } = state.options.goal;
  if (role === "bracket") return criteria.map(() => undefined);
  if (role === "low") return criteria.map(() => "pass");
  const { marginAt } = makeCurve(state);
  return criteria.map((_, index) => (marginAt(index, load) > 0 ? "pass" : "fail"));
}

/**
 * The next run to make, or the answer.
 *
 * @example
 * ```ts
 * const state = startSearch({ goal: parseSearchGoal("p95<2s"), confidence: 0.95, tolerance: { steps: 1 } });
 * nextProbe(state); // { kind: "probe", load: 1, role: "bracket", why: "raise", bracket: { low: 0 } }
 * ```
 */
export function nextProbe(state: SearchState): Probe | Answer {
  const claims = makeClaims(state);
  const curve = makeCurve(state);
  if (isDecided(state, claims)) return makeAnswer(state, claims, curve, "decided");
  const probe =
    state.ends === undefined ? seekBracket(state, curve) : repeatEnd(state, state.ends, claims, curve);
  if (probe === undefined) return makeAnswer(state, claims, curve, "at-least");
  if (!isWithinBudget(state, probe.load)) return makeAnswer(state, claims, curve, "undecided");
  return probe;
}

function isDecided({ options }: SearchState, { atLeast, failsAt }: Claims): boolean {
  return failsAt !== undefined && failsAt - atLeast <= widestBracket(options, failsAt);
}

/** Whether a run at this load can be expected to end within the budget. */
function isWithinBudget(state: SearchState, load: number): boolean {
  const { budgetSeconds } = state.options;
  return (
    budgetSeconds === undefined || usedSeconds(state) + expectedSeconds(state.runs, load) <= budgetSeconds
  );
}

/**
 * As the run at the nearest load took, or would have taken as a whole; 0 without runs.
 *
 * @example
 * ```ts
 * const run = { load: 4, seconds: 60, responseSeconds: 1, figures: [] };
 * expectedSeconds([run, { ...run, load: 8, seconds: 90 }], 7); // 90
 * ```
 */
export function expectedSeconds(runs: readonly SearchRun[], load: number): number {
  const distance = (run: SearchRun) => Math.abs(Math.log(run.load / load));
  const nearest = runs.reduce<SearchRun | undefined>(
    (best, run) => (best === undefined || distance(run) <= distance(best) ? run : best),
    undefined,
  );
  return nearest?.endedEarly?.wholeSeconds ?? nearest?.seconds ?? 0;
}
