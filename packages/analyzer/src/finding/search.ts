import { type Claims, MAX_PLANNED_RUNS, makeClaims } from "./claims.ts";
import { type Curve, makeCurve } from "./curve.ts";
import {
  type Bracket,
  mostLoad,
  type Role,
  type SearchOptions,
  type SearchRun,
  type SearchState,
  type Side,
  usedSeconds,
  widestBracket,
} from "./search-state.ts";

/** The run to make next. */
export interface Probe {
  readonly kind: "probe";
  readonly load: number;
  readonly role: Role;
  readonly why: "raise" | "narrow" | "repeat" | "below-saturation";
  /** The loads between which the answer is taken to be; `high` is absent while nothing has failed. */
  readonly bracket: { readonly low: number; readonly high?: number };
  /** About how many runs are left, this one included; absent while a bracket is sought. */
  readonly runsLeft?: number;
}

export interface Answer {
  readonly kind: "answer";
  /**
   * `decided`: within the tolerance. `at-least`: the goal is shown to hold at the greatest load that could be tried.
   * `undecided`: the budget ended first.
   */
  readonly verdict: "decided" | "at-least" | "undecided";
  /** The likeliest load. */
  readonly load: number;
  /** Shown at the level of confidence; 0 if nothing is. */
  readonly atLeast: number;
  /** Shown at the level of confidence; absent without a load that fails. */
  readonly atMost?: number;
  /** The loads between which the answer is taken to be, shown or not. */
  readonly between: { readonly low: number; readonly high?: number };
  /** Why no greater load was tried. */
  readonly limitedBy?: "generator" | "most";
  /** About how many more runs would decide, if undecided; absent if that is not known. */
  readonly moreRuns?: number;
  /** Run-to-run standard deviation of the answer from one run per load, in loads; absent if no load was repeated. */
  readonly deviationLoads?: number;
}

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
  if (isDecided(state, claims)) return answer(state, claims, curve, "decided");
  const probe =
    state.ends === undefined ? seekBracket(state, curve) : repeatEnd(state, state.ends, claims, curve);
  if (probe === undefined) return answer(state, claims, curve, "at-least");
  if (!isWithinBudget(state, probe.load)) return answer(state, claims, curve, "undecided");
  return probe;
}

function isDecided({ options }: SearchState, { atLeast, failsAt }: Claims): boolean {
  return failsAt !== undefined && failsAt - atLeast <= widestBracket(options, failsAt);
}

// Seeking a bracket

/** Beyond this many times the widest bracket, the line is too long to place the ends by. */
const NARROW_ENOUGH = 3;
/** Of the bracket: no probe comes closer to an end. */
const KEPT_OFF = 0.2;

function seekBracket(state: SearchState, curve: Curve): Probe | undefined {
  const { options } = state;
  const bracket = curve.guess;
  const make = (load: number, why: Probe["why"]): Probe => ({
    kind: "probe",
    load,
    role: "bracket",
    why,
    bracket,
  });
  const { low, high } = bracket;
  if (high === undefined) {
    const ceiling = findCeiling(state);
    if (low >= ceiling.load) return undefined;
    if (ceiling.isTried)
      return make(Math.max(1, Math.round(Math.sqrt(low * (ceiling.load + 1)))), "below-saturation");
    if (low === 0) return make(Math.min(ceiling.load, options.start ?? 1), "raise");
    return make(Math.min(ceiling.load, raise(state, low)), "raise");
  }
  const kept = KEPT_OFF * (high - low);
  const aimed = Math.round(Math.min(high - kept, Math.max(low + kept, curve.root)));
  return make(Math.min(high - 1, Math.max(low + 1, aimed)), "narrow");
}

/**
 * Little's law: with k times the users, throughput does not fall, so mean response and think time together grow at most
 * k-fold, and quantiles about as much. The load is raised as far as time limits allow by that, and at least twofold.
 * Responses in an open loop have no such bound: its rate is doubled.
 */
function raise({ options, runs }: SearchState, load: number): number {
  const { goal, thinkTimeSeconds } = options;
  if (thinkTimeSeconds === undefined) return 2 * load;
  const last = runs.findLast((run) => run.load === load && run.isSaturated !== true);
  const factors = goal.criteria.map(({ limit }, index) => {
    const figure = last?.figures[index];
    if (figure?.kind !== "time") return Number.POSITIVE_INFINITY;
    return (limit + thinkTimeSeconds) / (figure.seconds + thinkTimeSeconds);
  });
  const safe = Math.min(...factors);
  return Number.isFinite(safe) ? Math.max(2 * load, Math.floor(safe * load)) : 2 * load;
}

/**
 * The greatest load that may be tried; `isTried` if runs have shown that the generators cannot hold more. A single run
 * with a saturated generator, among others at its load that were not, shows no limit.
 */
function findCeiling({ options, runs }: SearchState): { readonly load: number; readonly isTried: boolean } {
  // The generators' load is the same whatever the replicas: such a run is made again.
  if (options.mostReplicas !== undefined) return { load: options.mostReplicas, isTried: false };
  const balance = new Map<number, number>();
  for (const { load, isSaturated } of runs)
    balance.set(load, (balance.get(load) ?? 0) + (isSaturated === true ? -1 : 1));
  const held = Math.max(0, ...[...balance].flatMap(([load, more]) => (more >= 0 ? [load] : [])));
  const beyond = [...balance.keys()].filter((load) => load > held);
  return beyond.length === 0
    ? { load: mostLoad(options), isTried: false }
    : { load: Math.min(...beyond) - 1, isTried: true };
}

// Repeating the ends

/** A change of the ends must save this share of the runs, because it begins with new evidence. */
const WORTHWHILE = 0.7;
/** A bracket of full width may take this much more than its share of runs before a narrower one is preferred. */
const NARROWER = 0.1;

function chooseEnds(state: SearchState): Bracket | undefined {
  const curve = makeCurve(state);
  const claims = makeClaims(state);
  const ceiling = findCeiling(state).load;
  const { guess } = curve;
  if (guess.high === undefined) {
    if (guess.low < ceiling) return state.ends;
    return { low: ceiling, high: ceiling + 1 };
  }
  const width = widestBracket(state.options, curve.root);
  if (state.ends === undefined && guess.high - guess.low > NARROW_ENOUGH * width) return undefined;
  const cost = costOf(claims, curve, ceiling);
  let best: Bracket | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let low = Math.max(0, Math.floor(curve.root - width)); low <= curve.root + 1; low++) {
    for (let high = low + 1; high <= low + width; high++) {
      const own = cost({ low, high }) * (1 + (NARROWER * (high - low)) / width);
      if (own < least) [best, least] = [{ low, high }, own];
    }
  }
  if (best === undefined || cost(best) >= MAX_PLANNED_RUNS) return farApart(curve.root, width, ceiling);
  if (state.ends === undefined) return best;
  return cost(best) < WORTHWHILE * cost(state.ends) ? best : state.ends;
}

/** If nothing seems to show anything, the ends that differ most. */
function farApart(root: number, width: number, ceiling: number): Bracket {
  const high = Math.min(ceiling, Math.ceil(root + width / 2));
  return { low: Math.max(0, high - width), high };
}

/** About how many runs it takes to show both ends. */
function costOf(claims: Claims, curve: Curve, ceiling: number) {
  const known = new Map<string, number>();
  const runsAt = (side: Side, load: number) => {
    if (side === "pass" && load <= claims.atLeast) return 0;
    if (side === "fail" && claims.failsAt !== undefined && load >= claims.failsAt) return 0;
    if (load > ceiling) return MAX_PLANNED_RUNS;
    const key = `${side} ${load}`;
    const runs =
      known.get(key) ?? claims.runsNeeded(side, load, (criterion) => curve.marginAt(criterion, load));
    known.set(key, runs);
    return runs;
  };
  return ({ low, high }: Bracket) => runsAt("pass", low) + runsAt("fail", high);
}

/** Alternately: of the ends that are not shown yet, the one with fewer runs. */
function repeatEnd(
  state: SearchState,
  { low, high }: Bracket,
  claims: Claims,
  curve: Curve,
): Probe | undefined {
  const ceiling = findCeiling(state).load;
  const open: { readonly role: "low" | "high"; readonly load: number }[] = [];
  if (low > claims.atLeast) open.push({ role: "low", load: low });
  if (high <= ceiling && (claims.failsAt === undefined || high < claims.failsAt))
    open.push({ role: "high", load: high });
  const runsOf = ({ role, load }: (typeof open)[number]) =>
    state.runs.filter((run) => run.role === role && run.load === load).length;
  const [next] = open.sort((a, b) => runsOf(a) - runsOf(b));
  if (next === undefined) return undefined;
  const runsLeft = costOf(claims, curve, ceiling)(high > ceiling ? { low, high: low } : { low, high });
  return { kind: "probe", ...next, why: "repeat", bracket: { low, high }, runsLeft };
}

// Budget and answer

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

function answer(state: SearchState, claims: Claims, curve: Curve, verdict: Answer["verdict"]): Answer {
  const { atLeast, failsAt } = claims;
  const ceiling = findCeiling(state);
  const moreRuns =
    verdict === "undecided" && state.ends !== undefined
      ? costOf(claims, curve, ceiling.load)(state.ends)
      : undefined;
  const deviationLoads = answerDeviation(state, claims, curve);
  return {
    kind: "answer",
    verdict,
    load: likeliest(state, claims, curve, verdict),
    atLeast,
    ...(failsAt !== undefined && { atMost: failsAt - 1 }),
    between: state.ends ?? curve.guess,
    ...(verdict === "at-least" && { limitedBy: ceiling.isTried ? "generator" : "most" }),
    ...(moreRuns !== undefined && moreRuns < MAX_PLANNED_RUNS && { moreRuns }),
    ...(deviationLoads !== undefined && { deviationLoads }),
  };
}

/** The curve's root, moved as little as it takes to be within the tolerance of every load that is left open. */
function likeliest(
  { options }: SearchState,
  { atLeast, failsAt }: Claims,
  { root }: Curve,
  verdict: Answer["verdict"],
): number {
  if (verdict === "at-least") return atLeast;
  const load = Math.max(atLeast, Math.floor(root));
  if (failsAt === undefined) return load;
  const most = failsAt - 1;
  if (verdict === "undecided") return Math.min(most, load);
  const steps = (widestBracket(options, failsAt) - 1) / 2;
  return Math.min(most, atLeast + steps, Math.max(load, most - steps));
}

/** The margin's deviation ÷ its slope at the root, of the criterion that decides there. */
function answerDeviation({ options }: SearchState, { deviations }: Claims, curve: Curve): number | undefined {
  const { root } = curve;
  const slopes = options.goal.criteria.map((_, index) => {
    const step = Math.max(1, 0.1 * root);
    return (curve.marginAt(index, root + step) - curve.marginAt(index, root)) / step;
  });
  const own = deviations.flatMap(({ deviation }, index) =>
    deviation === undefined ? [] : [deviation / Math.abs(slopes[index] as number)],
  );
  const deviation = Math.min(...own);
  // A flat curve tells no number of loads.
  return deviation <= Math.max(1, root) ? deviation : undefined;
}
