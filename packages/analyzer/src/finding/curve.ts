import { mean } from "../stats/mean.ts";
import { combine, marginOf } from "./search-goal.ts";
import { runsByLoad, type SearchState } from "./search-state.ts";
import { fitShape } from "./shape.ts";

/** Margins over the load, as far as the runs show them: where to measure next, never what to answer. */
export interface Curve {
  /** A criterion's margin at a load, as far as runs there and around it show it. */
  readonly marginAt: (criterion: number, load: number) => number;
  /** The same without regard to the load's own runs: the smooth line. */
  readonly expectedAt: (criterion: number, load: number) => number;
  /** Neighbouring loads: by the mean margins, the goal holds up to `low` and fails at `high`. */
  readonly guess: { readonly low: number; readonly high?: number };
  /** About where the goal begins to fail, within the guess; a fraction of a load. */
  readonly root: number;
}

/** Margins this far from the limit count a quarter for the line's position. */
const NEAR = { time: 0.5, success: 2 } as const;
/** At a load with runs of its own, the line counts as much as this many runs. */
const LINE_RUNS = 1;
/** A margin falls about as much as ln(response time) rises: this counts as much as points that vary by its root. */
const EXPECTED_SLOPE = { slope: -1, variance: 0.01 };
/** For lines beyond the last replica. */
const MIN_REPLICAS = 0.1;
/** A flatter or rising line says nothing about where the goal fails. */
const LEAST_SLOPE = 0.2;

/** One load's mean margin of one criterion. */
interface Point {
  readonly load: number;
  readonly margin: number;
  readonly runs: number;
}

/**
 * Draws a line through each criterion's margins over the model's ln(response time), in which runs near the limit count
 * most: false position along the model's curve.
 */
export function makeCurve(state: SearchState): Curve {
  const { goal } = state.options;
  const byLoad = runsByLoad(state);
  const points = goal.criteria.map((criterion, index) =>
    [...byLoad].map(([load, runs]): Point => {
      const margins = runs
        .flatMap(({ figures }) => figures[index] ?? [])
        .map((one) => marginOf(one, criterion));
      return { load, margin: mean(margins) ?? Number.NaN, runs: runs.length };
    }),
  );
  const shape = shapeOf(state);
  const lines = goal.criteria.map(({ kind }, index) =>
    drawLine(points[index] as readonly Point[], shape, NEAR[kind]),
  );
  const expectedAt = (index: number, load: number) => (lines[index] as Line)(load);
  const marginAt = (index: number, load: number) => {
    const expected = expectedAt(index, load);
    const own = (points[index] as readonly Point[]).find((point) => point.load === load);
    if (own === undefined) return expected;
    return (own.margin * own.runs + expected * LINE_RUNS) / (own.runs + LINE_RUNS);
  };
  const measured = new Map(
    [...byLoad.keys()].map((load, at) => [
      load,
      combine(goal.tree, (index) => ((points[index] as readonly Point[])[at] as Point).margin),
    ]),
  );
  const guess = guessBracket(measured);
  const goalAt = (load: number) => combine(goal.tree, (index) => expectedAt(index, load));
  return { marginAt, expectedAt, guess, root: findRoot(goalAt, guess) };
}

function shapeOf({ options, runs }: SearchState): (load: number) => number {
  const { thinkTimeSeconds, mostReplicas } = options;
  // The time that a request needs of each replica, if they share the work.
  if (mostReplicas !== undefined) return (load) => -Math.log(Math.max(MIN_REPLICAS, mostReplicas + 1 - load));
  const usable = runs.filter((run) => run.isSaturated !== true);
  return thinkTimeSeconds === undefined || usable.length === 0
    ? Math.log
    : fitShape(usable, thinkTimeSeconds);
}

/** Where the lines together cross 0 within the guess, by bisection; its nearer end if they do not. */
function findRoot(goalAt: (load: number) => number, { low, high }: Curve["guess"]): number {
  if (high === undefined) return low;
  let [from, to] = [Math.max(low, MIN_ROOT), high];
  if (goalAt(from) <= 0) return low;
  if (goalAt(to) >= 0) return to;
  while (to - from > ROOT_PRECISION) {
    const middle = (from + to) / 2;
    if (goalAt(middle) > 0) from = middle;
    else to = middle;
  }
  return from;
}

const MIN_ROOT = 1;
const ROOT_PRECISION = 0.05;

/** The greatest load below all whose mean margin is not above 0, and the smallest of these. */
function guessBracket(measured: ReadonlyMap<number, number>): Curve["guess"] {
  let low = 0;
  for (const [load, margin] of measured) {
    if (!(margin > 0)) return { low, high: load };
    low = load;
  }
  return { low };
}

/** The margin at a load. */
type Line = (load: number) => number;

function drawLine(points: readonly Point[], shape: (load: number) => number, near: number): Line {
  const weighted = points.map(({ load, margin, runs }) => ({
    x: shape(load),
    y: margin,
    w: Math.sqrt(runs) / (1 + (margin / near) ** 2) ** 2,
  }));
  const total = weighted.reduce((sum, { w }) => sum + w, 0);
  const meanX = weighted.reduce((sum, { w, x }) => sum + w * x, 0) / total;
  const meanY = weighted.reduce((sum, { w, y }) => sum + w * y, 0) / total;
  const xx = weighted.reduce((sum, { w, x }) => sum + w * (x - meanX) ** 2, 0);
  const xy = weighted.reduce((sum, { w, x, y }) => sum + w * (x - meanX) * (y - meanY), 0);
  const { slope: expected, variance } = EXPECTED_SLOPE;
  const slope = Math.min(-LEAST_SLOPE, (xy + variance * expected) / (xx + variance));
  return (load) => meanY + slope * (shape(load) - meanX);
}
