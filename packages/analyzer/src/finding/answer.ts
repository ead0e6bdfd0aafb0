import { findCeiling } from "./bracket.ts";
import { type Claims, MAX_PLANNED_RUNS } from "./claims.ts";
import type { Curve } from "./curve.ts";
import { costOf } from "./ends.ts";
import type { Answer } from "./probe.ts";
import { type SearchState, widestBracket } from "./search-state.ts";

/** What the runs so far show. */
export function makeAnswer(
  state: SearchState,
  claims: Claims,
  curve: Curve,
  verdict: Answer["verdict"],
): Answer {
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
