import { fitMeans, type MeanFit } from "./fit.ts";
import { fitVariation } from "./fit-variation.ts";
import type { Observation, PreparedCell } from "./observation.ts";
import type { ModelParameters } from "./parameters.ts";
import { createRandom, drawNormal } from "./random.ts";

export interface BootstrapOptions {
  readonly replications: number;
  readonly seed: number;
}

/**
 * Refits of the model to resampled data: clients with replacement, in each client blocks of frames with
 * replacement, and on top the error from run to run that the residuals show beyond sampling.
 * @param centre the fit's parameters, where each search for the variations begins
 *
 * @see Davison and Hinkley 1997, Bootstrap Methods and their Application, chapters 3 and 8
 */
export function bootstrapFits(
  cells: readonly PreparedCell[],
  fit: MeanFit,
  centre: ModelParameters,
  runError: number,
  options: BootstrapOptions,
): readonly ModelParameters[] {
  const random = createRandom(options.seed);
  const fits: ModelParameters[] = [];
  for (let replication = 0; replication < options.replications; replication++) {
    const observations = cells.flatMap((cell) => {
      const seen = cell.redraw(random);
      if (seen === undefined) return [];
      const shifted = seen.uncutMeanSeconds * Math.exp(runError * drawNormal(random));
      return [{ ...seen, uncutMeanSeconds: shifted }];
    });
    if (observations.length < 2) continue;
    fits.push(fitVariation(fitMeans(observations, fit.variant, fit), observations, centre).parameters);
  }
  return fits;
}

/**
 * Error from run to run, as a share of the mean: the residuals' scatter with the degrees of freedom that
 * the parameters cost. Never less than half a percent: no run repeats exactly.
 */
export function runToRunError(fit: MeanFit, observations: readonly Observation[]): number {
  const free = ["sharing", "first-come"].includes(fit.variant) ? 2 : 3;
  const degrees = Math.max(1, observations.length - free);
  const squares = fit.residuals.reduce((sum, residual) => sum + residual ** 2, 0) / degrees;
  return Math.max(0.005, Math.sqrt(squares));
}
