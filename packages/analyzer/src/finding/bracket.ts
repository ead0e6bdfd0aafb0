/** Seeking a bracket: the loads between which the answer lies. */
import type { Curve } from "./curve.ts";
import type { Probe } from "./probe.ts";
import { mostLoad, type SearchState } from "./search-state.ts";

/** Of the bracket: no probe comes closer to an end. */
const KEPT_OFF = 0.2;

/** The next run of the search for a bracket; undefined if the greatest load that may be tried keeps the goal. */
export function seekBracket(state: SearchState, curve: Curve): Probe | undefined {
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
export function findCeiling({ options, runs }: SearchState): {
  readonly load: number;
  readonly isTried: boolean;
} {
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
