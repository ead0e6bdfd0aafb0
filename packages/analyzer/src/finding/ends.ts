/** Choosing a bracket's ends, and repeating them until both are shown. */
import { findCeiling } from "./bracket.ts";
import { type Claims, MAX_PLANNED_RUNS, makeClaims } from "./claims.ts";
import { type Curve, makeCurve } from "./curve.ts";
import type { Probe } from "./probe.ts";
import { type Bracket, type SearchState, type Side, widestBracket } from "./search-state.ts";

/** Beyond this many times the widest bracket, the line is too long to place the ends by. */
const NARROW_ENOUGH = 3;
/** A change of the ends must save this share of the runs, because it begins with new evidence. */
const WORTHWHILE = 0.7;
/** A bracket of full width may take this much more than its share of runs before a narrower one is preferred. */
const NARROWER = 0.1;

/** The loads to repeat; undefined while the bracket is still too wide to choose them. */
export function chooseEnds(state: SearchState): Bracket | undefined {
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
export function costOf(claims: Claims, curve: Curve, ceiling: number) {
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
export function repeatEnd(
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
