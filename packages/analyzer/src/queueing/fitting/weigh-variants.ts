import { drawExponential } from "../../stats/draw-exponential.ts";
import { createRandom } from "../../stats/random.ts";
import type { VariantFit } from "./fit-variant.ts";

const REPLICATIONS = 400;

/**
 * The weight of each variant: how well it predicts left-out cells, averaged over resampled cells, so that a few cells
 * do not decide for one variant alone.
 * @returns weights that add up to 1
 * @see Yao, Vehtari, Simpson, Gelman 2018, Bayesian Analysis 13(3): pseudo-BMA with the Bayesian bootstrap
 */
export function weighVariants(
  fits: readonly Pick<VariantFit, "leaveOneOut" | "priorWeight">[],
  seed: number,
): readonly number[] {
  const random = createRandom(seed);
  const cells = fits[0]?.leaveOneOut.length ?? 0;
  const weights = fits.map(() => 0);
  for (let replication = 0; replication < REPLICATIONS; replication++) {
    const shares = Array.from({ length: cells }, () => drawExponential(random));
    const all = shares.reduce((sum, share) => sum + share, 0);
    const scores = fits.map(({ leaveOneOut, priorWeight }) =>
      leaveOneOut.reduce(
        (sum, log, cell) => sum + (cells * (shares[cell] as number) * log) / all,
        Math.log(priorWeight),
      ),
    );
    const best = Math.max(...scores);
    const likelihoods = scores.map((score) => Math.exp(score - best));
    const total = likelihoods.reduce((sum, one) => sum + one, 0);
    for (const [index, one] of likelihoods.entries())
      weights[index] = (weights[index] as number) + one / total / REPLICATIONS;
  }
  return weights;
}
