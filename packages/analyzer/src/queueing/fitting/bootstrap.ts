import { createRandom, drawNormal } from "../numeric/random.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { fitMeans, type MeanFit } from "./fit.ts";
import { fitVariation } from "./fit-variation.ts";
import type { PreparedCell } from "./observation.ts";
import { drawRunError, type RunError } from "./run-error.ts";

export interface BootstrapOptions {
  readonly replications: number;
  readonly seed: number;
}

/**
 * Refits of the model to resampled data: clients with replacement, where they are few in each client blocks
 * of requests with replacement too, and on top the error from run to run that the residuals show beyond sampling.
 * @param centre the fit's parameters, where each search for the variations begins
 *
 * @see Davison and Hinkley 1997, Bootstrap Methods and their Application, chapters 3 and 8
 */
export function bootstrapFits(
  cells: readonly PreparedCell[],
  fit: MeanFit,
  centre: ModelParameters,
  runError: RunError,
  options: BootstrapOptions,
): readonly ModelParameters[] {
  const random = createRandom(options.seed);
  const fits: ModelParameters[] = [];
  for (let replication = 0; replication < options.replications; replication++) {
    const error = drawRunError(runError, random);
    const observations = cells.flatMap((cell) => {
      const seen = cell.redraw(random);
      if (seen === undefined) return [];
      const shifted = seen.uncutMeanSeconds * Math.exp(error * drawNormal(random));
      return [{ ...seen, uncutMeanSeconds: shifted }];
    });
    if (observations.length < 2) continue;
    fits.push(fitVariation(fitMeans(observations, fit.variant, fit), observations, centre).parameters);
  }
  return fits;
}
