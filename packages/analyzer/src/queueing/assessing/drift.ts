import { type ClassesFinding, sizesByClass } from "../fitting/classes.ts";
import type { ModelCell, ModelClient } from "../fitting/observation.ts";
import { average } from "../numeric/average.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { areClasses, demandAt } from "../station/sizes.ts";

/** Fewer requests have no halves. */
const MIN_REQUESTS = 10;

/**
 * Largest relative change between the two halves of a client's requests, in the cells with the fewest users. Where the
 * demand depends on size or class, requests count relative to theirs: another mix of requests is no drift.
 */
export function findDrift(
  cells: readonly ModelCell[],
  parameters: ModelParameters,
  classes: ClassesFinding | undefined,
): number {
  const least = Math.min(...cells.map((cell) => cell.users));
  const changes = cells
    .filter((cell) => cell.users === least)
    .flatMap((cell) => cell.clients)
    .filter((client) => client.roundTripSeconds.length >= MIN_REQUESTS)
    .map((client) => {
      const times = comparableTimes(client, parameters, classes);
      const half = Math.floor(times.length / 2);
      return Math.abs(average(times.slice(half)) / average(times.slice(0, half)) - 1);
    });
  return Math.max(0, ...changes);
}

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
