import { drawNormal } from "../../stats/draw-normal.ts";
import { createRandom } from "../../stats/random.ts";
import type { Observation } from "./observation.ts";

/** Requests that failed for another reason than the time limit: wrong responses, errors of the function. */
export interface OtherFailures {
  readonly failed: number;
  readonly requests: number;
  /** Some cell has another share of them than all cells together, beyond chance. */
  readonly dependOnLoad: boolean;
}

/** Standard errors: one of twenty cells with the common share is beyond it in 2% of the cases. */
const MAX_DEVIATION = 3.3;
/** Fewer are chance, whatever is expected. */
const MIN_DIFFERENCE = 3;

/** The failures over all cells; undefined if nothing failed for another reason than the time limit. */
export function findOtherFailures(observations: readonly Observation[]): OtherFailures | undefined {
  const failedIn = ({ quickFailures = 0 }: Observation) => quickFailures;
  const failed = observations.reduce((sum, seen) => sum + failedIn(seen), 0);
  const requests = observations.reduce((sum, seen) => sum + seen.requests, 0);
  if (failed === 0) return undefined;
  const share = failed / requests;
  const dependOnLoad = observations.some((seen) => {
    const difference = Math.abs(failedIn(seen) - share * seen.requests);
    const error = Math.sqrt(seen.requests * share * (1 - share));
    return difference > Math.max(MIN_DIFFERENCE, MAX_DEVIATION * error);
  });
  return { failed, requests, dependOnLoad };
}

/**
 * Share of a run's requests that do not fail for another reason than the time limit: by chance, and as far as their
 * share is known. 1 if there were no such failures.
 * @param count requests of the run
 */
export function drawOtherSuccess(other: OtherFailures | undefined, count: number, seed: number): number {
  if (other === undefined) return 1;
  const share = other.failed / other.requests;
  const error = Math.sqrt(share * (1 - share) * (1 / count + 1 / other.requests));
  // From another seed than the run.
  return 1 - Math.min(1, Math.max(0, share + error * drawNormal(createRandom(seed ^ SEED))));
}

const SEED = 0x0f41;
