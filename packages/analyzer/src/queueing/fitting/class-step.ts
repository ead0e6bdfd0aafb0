import { longEnough, type SizedRun, type SizeLine, slopeOf, tabulate } from "./size-line.ts";
import { type SizedMoments, sumMoments, withoutPart } from "./sized-moments.ts";

/** Two classes of requests: the kinds of one take longer by a step. */
export interface ClassStep {
  /** By the number of a kind: whether it is in the slow class. */
  readonly isSlow: readonly boolean[];
  /** The step as a line over a size that is 0 for fast requests and 1 for slow ones. */
  readonly line: SizeLine;
}

/** Why there are no two classes. */
export type NoClasses = "few-requests" | "unlike" | "kinds-follow-time";

/** Fewer requests of a kind in all runs say nothing about it. */
const MIN_REQUESTS = 10;

/**
 * Parts kinds of requests where their mean times have the largest gap, and measures the step. The check leaves out one
 * run at a time (or a part of it, with fewer than five): both classes are found in the others, and predict the mean time
 * of each kind in that run. Kinds that are in another class without some run are in no class at all.
 *
 * @param runs with the number of each request's kind, from 0 on, for its size
 * @param kinds how many there are, at least 2
 *
 * @example
 * ```ts
 * const sizes = Array.from({ length: 40 }, (_, index) => (index * 7) % 3);
 * const seconds = sizes.map((kind) => (kind === 2 ? 0.9 : 0.4));
 * const step = findClassStep([[{ sizes, seconds }]], 3);
 * typeof step === "string" ? step : step.isSlow; // [false, false, true]
 * ```
 */
export function findClassStep(runs: readonly SizedRun[], kinds: number): ClassStep | NoClasses {
  const used = longEnough(runs);
  if (used.length === 0) return "few-requests";
  const byKind = tabulate(used, (kind) => kind, kinds);
  if (byKind === undefined) return "kinds-follow-time";
  const { cells, margins } = byKind;
  if (margins.bins.some(({ count }) => count < MIN_REQUESTS)) return "few-requests";
  const isSlow = partKinds(margins.bins);
  let [step, constant] = [0, 0];
  for (const fold of cells) {
    const others = margins.bins.map((kind, index) => withoutPart(kind, fold[index] as SizedMoments));
    if (others.some(({ count }) => count === 0)) return "few-requests";
    const own = partKinds(others);
    if (own.some((one, kind) => one !== isSlow[kind])) return "unlike";
    const meanOf = (wanted?: boolean) => {
      const { t, count } = sumMoments(
        others.filter((_, kind) => wanted === undefined || own[kind] === wanted),
      );
      return t / count;
    };
    for (const [kind, cell] of fold.entries()) {
      if (cell.count === 0) continue;
      const time = cell.t / cell.count;
      step += cell.count * (meanOf(own[kind]) - time) ** 2;
      constant += cell.count * (meanOf() - time) ** 2;
    }
  }
  const stepped = used.map((run) =>
    run.map(({ sizes, seconds }) => ({ sizes: sizes.map((kind) => Number(isSlow[kind])), seconds })),
  );
  const byClass = tabulate(stepped, (slow) => slow, 2);
  if (byClass === undefined) return "kinds-follow-time";
  const { count } = margins.whole;
  return {
    isSlow,
    line: {
      ...slopeOf(byClass.margins, [byClass.margins.folds]),
      ...{ linearError: Math.sqrt(step / count), constantError: Math.sqrt(constant / count) },
    },
  };
}

/** Whether each kind is above the largest gap between the kinds' mean times. */
function partKinds(kinds: readonly SizedMoments[]): readonly boolean[] {
  const means = kinds.map(({ t, count }) => t / count);
  const sorted = [...means].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((mean, index) => mean - (sorted[index] as number));
  const border = sorted[gaps.indexOf(Math.max(...gaps))] as number;
  return means.map((mean) => mean > border);
}
