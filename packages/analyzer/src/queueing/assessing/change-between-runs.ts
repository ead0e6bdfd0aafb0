import { formatPercent } from "../../core/format.ts";
import { createRandom } from "../../stats/random.ts";
import { ranks } from "../../stats/ranks.ts";
import { findStep, type Step } from "../../stats/step-statistic.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import type { ModelCell } from "../fitting/observation.ts";
import type { PreparedCell } from "../fitting/prepare-cell.ts";
import { runsOf } from "../fitting/runs-of.ts";
import { average } from "../numeric/average.ts";
import { spread } from "../numeric/spread.ts";
import type { Caveat } from "./verdict.ts";

/** Fewer runs than this, and fewer on one side, may differ by chance. */
const MIN_RUNS = 8;
const MIN_SIDE = 3;
/** As for a change within a run. */
const ALPHA = 0.01;
const MIN_CHANGE = Math.log1p(0.1);
const PERMUTATIONS = 1999;
/** Rank correlation of load and time from which a misfit over load could look like a change over time. */
const MOST_CORRELATED = 0.5;
/** Fewer different loads than this are no fit. */
const MIN_LOADS = 3;

/** A run, and how far its mean is from what the fit of all runs expects. */
interface Run {
  readonly users: number;
  readonly startSeconds: number;
  /** Requests at the function at once, on average. */
  readonly inFlight: number;
  /** ln(measured ÷ expected). */
  readonly level: number;
}

/** What to fit after a change between runs. */
export interface OneRegime {
  /** A cell with its runs on the longer side of the change; no cell if it has none there. Absent: that side has too few loads. */
  readonly keep?: (cell: ModelCell) => readonly ModelCell[];
  readonly caveat: Caveat;
}

/**
 * Finds a host that became faster or slower between two runs.
 *
 * The step that explains most of the runs' deviations from the fit, in order of time, is compared with that of the
 * same deviations in random order. So runs must not be ordered by load, as they are not unless an experiment asks for it.
 *
 * @param cells as they were fitted
 * @returns undefined if there is no change of at least 10%, or it cannot be told from a misfit
 */
export function findChangeBetweenRuns(
  cells: readonly PreparedCell[],
  { residuals }: Pick<FittedStation, "residuals">,
  seed: number,
): OneRegime | undefined {
  const seen = cells.filter((one) => one.seen !== undefined);
  const runs = spread(seen, residuals.length)
    .flatMap((one, index) => levelsOf(one, residuals[index] as number))
    .sort((a, b) => a.startSeconds - b.startSeconds);
  if (runs.length < MIN_RUNS || Math.abs(correlationWithTime(runs)) >= MOST_CORRELATED) return undefined;
  const levels = runs.map(({ level }) => level);
  const step = findStep(levels, MIN_SIDE);
  const isBetweenTimes = (runs[step.at - 1] as Run).startSeconds < (runs[step.at] as Run).startSeconds;
  if (!isBetweenTimes || Math.abs(step.size) < MIN_CHANGE || !isBeyondChance(levels, step.explained, seed))
    return undefined;
  return keepLonger(runs, step);
}

/** Nothing if a start is not known, or requests failed, whose true times are not known. */
function levelsOf({ cell, seen }: PreparedCell, residual: number): readonly Run[] {
  if (seen === undefined || cell.summary !== undefined) return [];
  if (seen.cutRequests > 0 || seen.quickFailures !== undefined) return [];
  const { users, thinkTimeSeconds } = cell;
  const expected = seen.modelMeanSeconds * Math.exp(residual);
  const inFlight = (users * expected) / (expected + thinkTimeSeconds);
  return runsOf(cell).flatMap((run): Run | readonly Run[] => {
    const startSeconds = startOf(run);
    const roundTrips = run.clients.flatMap(({ roundTripSeconds }) => roundTripSeconds);
    if (startSeconds === undefined || roundTrips.length === 0) return [];
    return { users, startSeconds, inFlight, level: Math.log(average(roundTrips) / expected) };
  });
}

/** When the first request of a run was sent; undefined: not known. */
function startOf({ clients }: ModelCell): number | undefined {
  const first = Math.min(...clients.map(({ trace }) => trace?.[0]?.startSeconds ?? Number.NaN));
  return Number.isFinite(first) ? first : undefined;
}

/** Spearman's rank correlation of load and time. */
function correlationWithTime(runs: readonly Run[]): number {
  const loads = ranks(runs.map(({ inFlight }) => inFlight));
  const middle = (runs.length + 1) / 2;
  let [products, squares, all] = [0, 0, 0];
  for (const [index, rank] of loads.entries()) {
    const [time, load] = [index + 1 - middle, rank - middle];
    products += time * load;
    squares += load ** 2;
    all += time ** 2;
  }
  return squares === 0 ? 0 : products / Math.sqrt(squares * all);
}

function isBeyondChance(levels: readonly number[], explained: number, seed: number): boolean {
  const random = createRandom(seed);
  const shuffled = levels.slice();
  let asClear = 1;
  for (let count = 0; count < PERMUTATIONS; count++) {
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [shuffled[last], shuffled[other]] = [shuffled[other] as number, shuffled[last] as number];
    }
    if (findStep(shuffled, MIN_SIDE).explained >= explained) asClear++;
  }
  return asClear / (PERMUTATIONS + 1) <= ALPHA;
}

function keepLonger(runs: readonly Run[], { at, size }: Pick<Step, "at" | "size">): OneRegime {
  const isAfter = 2 * at < runs.length;
  const kept = isAfter ? runs.slice(at) : runs.slice(0, at);
  const change = formatPercent(Math.abs(Math.expm1(size)), 0);
  const found = `The host changed between runs: after ${at} of ${runs.length}, round trips were about ${change} ${size > 0 ? "longer" : "shorter"} than before at the same load`;
  if (new Set(kept.map(({ users }) => users)).size < MIN_LOADS)
    return {
      caveat: {
        level: "caution",
        reason: `${found}. The longer part has too few loads for a fit of its own, so both are taken for one host. Measure again on a quieter machine.`,
      },
    };
  const changed = (runs[at] as Run).startSeconds;
  return {
    keep: (cell) => keepRuns(cell, (start) => start >= changed === isAfter),
    caveat: {
      level: "note",
      reason: `${found}. Only the ${kept.length} runs ${isAfter ? "after" : "before"} the change are in the fit.`,
    },
  };
}

/** The cell with some of its runs: those whose start is not known, too. */
function keepRuns(cell: ModelCell, isKept: (startSeconds: number) => boolean): readonly ModelCell[] {
  const runs = runsOf(cell);
  const kept = runs.filter((run) => {
    const start = startOf(run);
    return start === undefined || isKept(start);
  });
  if (kept.length === runs.length) return [cell];
  const own = new Set(kept.flatMap(({ clients }) => clients));
  return kept.length === 0 ? [] : [{ ...cell, clients: cell.clients.filter((client) => own.has(client)) }];
}
