import { formatPercent } from "../../core/format.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import type { FailedCell } from "../fitting/observation.ts";
import type { TimeoutBehaviour } from "../station/simulate.ts";

/** What happens to a request after its time-out, as far as the cells show. */
export interface TimeoutEvidence {
  readonly timeoutBehaviour: TimeoutBehaviour | "unknown";
  readonly reason: string;
}

/** A behaviour with at least this weight counts as known. */
const KNOWN = 0.9;

/** Reports which time-out behaviour explains the cells with time-outs. */
export function describeTimeouts(
  { variants, observations }: Pick<FittedStation, "variants" | "observations">,
  failed: readonly FailedCell[],
): TimeoutEvidence {
  const haveTimeouts = variants.some(({ timeoutBehaviour }) => timeoutBehaviour === "keeps-running");
  if (!haveTimeouts) {
    const found = failed.length === 0 && observations.every((seen) => seen.cutRequests === 0);
    return {
      timeoutBehaviour: "unknown",
      reason: `${found ? "No request timed out" : "No cell shows what happens to requests that time out"}; predictions cover both time-out behaviours.`,
    };
  }
  const weightOf = (behaviour: TimeoutBehaviour) =>
    variants.reduce((sum, one) => sum + (one.timeoutBehaviour === behaviour ? one.weight : 0), 0);
  const [cancelled, keepsRunning] = [weightOf("cancelled"), weightOf("keeps-running")];
  const likelier = cancelled >= keepsRunning ? "cancelled" : "keeps-running";
  const isKnown = Math.max(cancelled, keepsRunning) >= KNOWN;
  const shares = `cancelled ${formatPercent(cancelled, 0)}, keeps running ${formatPercent(keepsRunning, 0)}`;
  return {
    timeoutBehaviour: isKnown ? likelier : "unknown",
    reason: `How likely the cells with time-outs make each behaviour: ${shares}${isKnown ? "." : "; predictions cover both."}`,
  };
}
