import { stdev } from "../../stats/stdev.ts";
import { studentT } from "../../stats/student-t.ts";
import { type ClassesFinding, sizesByClass } from "../fitting/classes.ts";
import type { ModelCell, ModelClient } from "../fitting/observation.ts";
import { average } from "../numeric/average.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { areClasses, demandAt } from "../station/sizes.ts";

/** Fewer requests have no halves. */
const MIN_REQUESTS = 10;
/** Probability of finding a drift in a host without one, over all its clients. */
const ALPHA = 0.01;

/**
 * Largest relative change between the two halves of a client's requests that is statistically significant, in the cells
 * with the fewest users; 0 if no change is. Where the demand depends on size or class, requests count relative to theirs:
 * another mix of requests is no drift.
 */
export function findDrift(
  cells: readonly ModelCell[],
  parameters: ModelParameters,
  classes: ClassesFinding | undefined,
): number {
  const least = Math.min(...cells.map((cell) => cell.users));
  const clients = cells
    .filter((cell) => cell.users === least)
    .flatMap((cell) => cell.clients)
    .filter((client) => client.roundTripSeconds.length >= MIN_REQUESTS);
  const changes = clients.map((client) =>
    changeBeyondChance(comparableTimes(client, parameters, classes), ALPHA / clients.length),
  );
  return Math.max(0, ...changes);
}

/** Size of the change between the halves, 0 if it may be chance: Welch's test, with the degrees of freedom of one half. */
function changeBeyondChance(times: readonly number[], alpha: number): number {
  const half = Math.floor(times.length / 2);
  const [first, second] = [times.slice(0, half), times.slice(half)];
  const change = Math.abs(average(second) - average(first));
  const error = Math.hypot(standardError(first), standardError(second));
  return change > studentT(1 - alpha / 2, half - 1) * error ? change / average(first) : 0;
}

const standardError = (values: readonly number[]) => (stdev(values) ?? 0) / Math.sqrt(values.length);

/** Round trips ÷ how much longer requests of that size or class take than those of the mean size. */
function comparableTimes(
  client: ModelClient,
  parameters: ModelParameters,
  classes: ClassesFinding | undefined,
): readonly number[] {
  const { sizes } = parameters;
  const { roundTripSeconds, sizes: measured = [] } = client;
  if (sizes === undefined) return roundTripSeconds;
  const units = classes !== undefined && areClasses(sizes) ? sizesByClass(client, classes) : measured;
  return roundTripSeconds.map((seconds, index) => {
    const size = units[index] ?? Number.NaN;
    return Number.isNaN(size) ? seconds : (seconds * parameters.demandSeconds) / demandAt(parameters, size);
  });
}
