import { formatCount, formatPercent } from "../../core/format.ts";
import { quantileOfUnsorted } from "../../stats/quantile.ts";
import type { ColdStartEvidence } from "../fitting/cold-starts.ts";
import type { ModelCell } from "../fitting/observation.ts";
import { ratiosToUsual } from "../fitting/ratios-to-usual.ts";
import { type ReplayedRequest, replay } from "../fitting/replay.ts";
import { runsOf } from "../fitting/runs-of.ts";
import type { Caveat } from "./verdict.ts";

/** A run sped up if its requests were slower by this factor (logarithm) in its first quarter than in its last. */
const SPEED_UP = 0.1;
/** One such run may be chance. */
const MIN_RUNS = 2;
const MIN_REQUESTS = 20;

/**
 * Finds hosts that became faster during the runs, as a platform does that starts replicas: requests that met as many
 * others were faster at the end of the runs than at their beginning. Cold starts do not count.
 * @param replicas that answered; undefined: not known
 */
export function checkSpeedUps(
  cells: readonly ModelCell[],
  coldStarts: ColdStartEvidence | undefined,
  replicas: number | "changing" | undefined,
): readonly Caveat[] {
  const runs = cells.filter(({ users }) => users > 1).flatMap(runsOf);
  const replayed = runs.map((run) =>
    replay(run).filter(({ request }) => request.successful && !coldStarts?.cold.has(request)),
  );
  const ratios = ratiosToUsual(replayed.flat());
  let from = 0;
  const changes = replayed.flatMap((run) => {
    const own = ratios.slice(from, from + run.length);
    from += run.length;
    return own.length < MIN_REQUESTS ? [] : Math.log(earlyToLate(run, own));
  });
  const faster = changes.filter((change) => change > SPEED_UP);
  if (faster.length < MIN_RUNS) return [];
  const most = Math.max(...faster);
  return [
    {
      level: "caution",
      reason: `In ${faster.length} of ${formatCount(changes.length, "run")}, at equal load, later requests were faster (by up to ${formatPercent(1 - Math.exp(-most), 0)}): ${explain(replicas)}`,
    },
  ];
}

function explain(replicas: number | "changing" | undefined): string {
  if (typeof replicas === "number")
    return "the function warmed up, or the machine had less else to do. Send more requests, or measure on a quieter machine.";
  const cause =
    replicas === "changing"
      ? "the platform started replicas meanwhile"
      : "the platform started replicas meanwhile, or the function warmed up";
  return `${cause}. The model assumes one host that does not change. Measure with a fixed number of replicas, and ask with --autoscale.`;
}

/** Median of the first quarter of a run's requests ÷ median of the last. */
function earlyToLate(run: readonly ReplayedRequest[], ratios: readonly number[]): number {
  const order = [...run.keys()].sort((a, b) => startOf(run, a) - startOf(run, b));
  const sorted = order.map((index) => ratios[index] as number);
  const quarter = sorted.length >> 2;
  return quantileOfUnsorted(sorted.slice(0, quarter), 0.5) / quantileOfUnsorted(sorted.slice(-quarter), 0.5);
}

const startOf = (run: readonly ReplayedRequest[], index: number) =>
  (run[index] as ReplayedRequest).request.startSeconds;
