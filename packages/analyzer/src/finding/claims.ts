import { mean } from "../stats/mean.ts";
import {
  marginEvidence,
  meanEvidence,
  type PooledDeviation,
  poolDesignEffect,
  poolDeviation,
  shareEvidence,
} from "./evidence.ts";
import type { Figure, GoalTree } from "./search-goal.ts";
import { type PlacedRun, runsByLoad, type SearchState, type Side } from "./search-state.ts";

/**
 * What the runs show, for the whole search.
 *
 * The hypotheses "a limit is missed from load k on" are nested. Each has a capital: the product of the evidence of all
 * loads from k on whose runs were to show that the limit is kept, whether or not they did. "Kept up to k" is claimed
 * only if every hypothesis up to k has lost at level α ÷ 2. So a wrong claim, at any time and at any load, needs the
 * capital of one true hypothesis (that of the first load at which the limit is really missed) to reach 2 ÷ α, which
 * happens with at most probability α ÷ 2. "Missed from k on" mirrors this.
 *
 * @see Marcus, Peritz and Gabriel 1976, Biometrika 63(3) (closed tests); Ville 1939; Ramdas and others 2023,
 *   Statistical Science 38(4) (capital)
 */
export interface Claims {
  /** The greatest load at which the goal is shown to hold; 0 if none is. */
  readonly atLeast: number;
  /** The smallest load at which it is shown to fail; undefined if none is. */
  readonly failsAt: number | undefined;
  /** About how many more runs at a load would show it, if the criteria have the given margins there. */
  readonly runsNeeded: (side: Side, load: number, marginAt: (criterion: number) => number) => number;
  /** Run-to-run standard deviation of each criterion's margin. */
  readonly deviations: readonly PooledDeviation[];
}

/** The share of the capital that each end leaves untouched, so that giving up an end does not ruin the next. */
const RESERVE = 0.2;
/** More runs than this are not planned. */
export const MAX_PLANNED_RUNS = 400;
/** For planning only, until a load was repeated. */
const ASSUMED_DEVIATION = 0.05;

export function makeClaims(state: SearchState): Claims {
  const { goal, confidence } = state.options;
  const alpha = (1 - confidence) / 2;
  const weighed = {
    pass: goal.criteria.map((_, index) => weighCriterion(state, index, "pass")),
    fail: goal.criteria.map((_, index) => weighCriterion(state, index, "fail")),
  };
  const isShown = (side: Side, load: number) =>
    combineSides(goal.tree, side, alpha, (index, level) =>
      Number((weighed[side][index] as CriterionEvidence).evidence(load) >= Math.log(1 / level)),
    ) === 1;
  const runsNeeded: Claims["runsNeeded"] = (side, load, marginAt) =>
    -combineSides(
      goal.tree,
      side,
      alpha,
      (index, level) => -(weighed[side][index] as CriterionEvidence).runsNeeded(load, level, marginAt(index)),
    );
  const loads = [...runsByLoad(state).keys()];
  return {
    atLeast: loads.findLast((load) => isShown("pass", load)) ?? 0,
    failsAt: loads.find((load) => isShown("fail", load)),
    runsNeeded,
    deviations: goal.criteria.map((_, index) => (weighed.pass[index] as CriterionEvidence).pooled),
  };
}

/**
 * Combines the criteria's values for a side: the least where every part must be shown, the greatest where one is
 * enough, which therefore shares the level with the others.
 */
function combineSides(
  tree: GoalTree,
  side: Side,
  level: number,
  of: (index: number, level: number) => number,
): number {
  if (tree.kind === "criterion") return of(tree.index, level);
  const needsAll = (tree.kind === "and") === (side === "pass");
  const own = needsAll ? level : level / tree.parts.length;
  const values = tree.parts.map((part) => combineSides(part, side, own, of));
  return needsAll ? Math.min(...values) : Math.max(...values);
}

/** The evidence about one criterion on one side. */
interface CriterionEvidence {
  /** ln of the least capital among the hypotheses that must lose for a claim at this load. */
  readonly evidence: (load: number) => number;
  readonly runsNeeded: (load: number, level: number, margin: number) => number;
  readonly pooled: PooledDeviation;
}

interface Entry {
  /** Ascending in the direction in which the hypotheses include each other. */
  readonly key: number;
  /** ln of what the end's evidence multiplies the capital by. */
  readonly factor: number;
}

function weighCriterion(state: SearchState, index: number, side: Side): CriterionEvidence {
  const weigher = makeWeigher(state, index, side);
  const keyOf = (load: number) => (side === "pass" ? load : -load);
  const ends = new Map<number, readonly PlacedRun[]>();
  for (const [load, runs] of runsByLoad(state)) {
    const own = runs.filter((run) => run.bets[index] === side);
    if (own.length > 0) ends.set(load, own);
  }
  const entries = [...ends].map(
    ([load, runs]): Entry => ({ key: keyOf(load), factor: withReserve(weigher.evidence(load, runs)) }),
  );
  const evidence = (load: number) => leastCapital(entries, keyOf(load));
  const runsNeeded = (load: number, level: number, margin: number) => {
    const key = keyOf(load);
    const others = entries.filter((entry) => entry.key !== key);
    const own = ends.get(load) ?? [];
    const isEnough = (more: number) => {
      const factor = withReserve(weigher.expected(load, own, more, margin));
      return leastCapital([...others, { key, factor }], key) >= Math.log(1 / level);
    };
    return leastRuns(isEnough);
  };
  return { evidence, runsNeeded, pooled: weigher.pooled };
}

/** ln(r + (1 − r) e^x) */
function withReserve(evidence: number): number {
  const free = Math.log1p(-RESERVE) + evidence;
  const kept = Math.log(RESERVE);
  return Math.max(free, kept) + Math.log1p(Math.exp(-Math.abs(free - kept)));
}

function leastCapital(entries: readonly Entry[], key: number): number {
  const capital = (from: number) =>
    entries.reduce((sum, entry) => sum + (entry.key >= from ? entry.factor : 0), 0);
  const hypotheses = [key, ...entries.map((entry) => entry.key).filter((one) => one < key)];
  return Math.min(...hypotheses.map(capital));
}

/** The smallest number for which the test holds, if it holds for all greater ones. */
function leastRuns(isEnough: (runs: number) => boolean): number {
  if (isEnough(0)) return 0;
  let high = 1;
  while (high < MAX_PLANNED_RUNS && !isEnough(high)) high *= 2;
  if (high >= MAX_PLANNED_RUNS) return MAX_PLANNED_RUNS;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Weighs runs of one load, and what a number of further ones can be expected to add. */
interface Weigher {
  readonly evidence: (load: number, runs: readonly PlacedRun[]) => number;
  readonly expected: (load: number, runs: readonly PlacedRun[], more: number, margin: number) => number;
  readonly pooled: PooledDeviation;
}

function makeWeigher(state: SearchState, index: number, side: Side): Weigher {
  const criterion = state.options.goal.criteria[index];
  const byLoad = [...runsByLoad(state)].map(([load, runs]): LoadFigures => {
    const whole = runs.filter(({ endedEarly }) => endedEarly === undefined);
    return { load, figures: whole.flatMap((run) => run.figures[index] ?? []) };
  });
  if (criterion?.kind === "success") return weighShares(byLoad, index, criterion.limit, side);
  return weighMargins(byLoad, index, side);
}

/** One criterion's figures of all whole runs at a load. */
interface LoadFigures {
  readonly load: number;
  readonly figures: readonly Figure[];
}

/** Beyond this mean margin (half or twice the limit), runs do not show how those near the limit differ. */
const NEAR_MARGIN = Math.LN2;

function weighMargins(byLoad: readonly LoadFigures[], index: number, side: Side): Weigher {
  const marginsOf = (figures: readonly Figure[]) =>
    figures.flatMap((figure) => (figure.kind === "time" ? [figure.margin] : []));
  const loads = byLoad.map(({ load, figures }) => {
    const margins = marginsOf(figures);
    return { load, margins, isNear: Math.abs(mean(margins) ?? 0) <= NEAR_MARGIN };
  });
  // An overloaded host differs far more from run to run: only its own load is judged by that.
  const pooledAt = (at?: number) =>
    poolDeviation(loads.filter(({ load, isNear }) => isNear || load === at).map(({ margins }) => margins));
  const own = (runs: readonly PlacedRun[]) => marginsOf(runs.flatMap((run) => run.figures[index] ?? []));
  return {
    pooled: pooledAt(),
    evidence: (load, runs) => marginEvidence(own(runs), pooledAt(load), side),
    expected: (load, runs, more, margin) => {
      const margins = own(runs);
      const pooled = pooledAt(load);
      const n = margins.length + more;
      const degrees = pooled.degrees + (margins.length === 0 ? more - 1 : more);
      if (n === 0 || degrees < 1) return 0;
      const average = ((mean(margins) ?? 0) * margins.length + more * margin) / n;
      const deviation = pooled.deviation ?? ASSUMED_DEVIATION;
      return meanEvidence(side === "pass" ? average : -average, n, deviation, degrees);
    },
  };
}

function weighShares(byLoad: readonly LoadFigures[], index: number, limit: number, side: Side): Weigher {
  const clustersOf = (figures: readonly Figure[]) => figures.filter((figure) => figure.kind === "success");
  const clusters = byLoad.map(({ figures }) => clustersOf(figures));
  const designEffect = poolDesignEffect(clusters);
  const own = (runs: readonly PlacedRun[]) => clustersOf(runs.flatMap((run) => run.figures[index] ?? []));
  const perRun = mean(clusters.flat().map(({ trials }) => trials)) ?? 0;
  return {
    pooled: { deviation: undefined, degrees: 0 },
    evidence: (_, runs) => shareEvidence(own(runs), limit, designEffect, side),
    expected: (_, runs, more, margin) => {
      const odds = (limit / (1 - limit)) * Math.exp(margin);
      const next = { hits: (more * perRun * odds) / (1 + odds), trials: more * perRun };
      // For planning: the first repetition shows the design effect.
      return shareEvidence([...own(runs), next], limit, designEffect ?? 1, side);
    },
  };
}
