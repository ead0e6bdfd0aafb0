import { drawNormal } from "../../stats/draw-normal.ts";
import { createRandom } from "../../stats/random.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { fitMeans, type MeanFit } from "./fit.ts";
import { fitVariation } from "./fit-variation.ts";
import type { PreparedCell } from "./prepare-cell.ts";
import { drawRunError, type RunError } from "./run-error.ts";

export interface BootstrapOptions {
  readonly replications: number;
  readonly seed: number;
}

/**
 * Refits the model to resampled data: clients with replacement (if they are few, also blocks of requests within
 * each client), plus the run-to-run error that the residuals show beyond sampling error.
 * @param centre the fit's parameters: the starting point for each refit's variations
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
