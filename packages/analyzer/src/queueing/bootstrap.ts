import { fitMeans, type MeanFit, type MeanParameters } from "./fit.ts";
import type { ModelCell, ModelClient, Observation } from "./observation.ts";
import { observe } from "./observation.ts";
import { createRandom, drawNormal } from "./random.ts";

export interface BootstrapOptions {
  readonly limitSeconds: number;
  readonly replications: number;
  readonly seed: number;
}

/** Frames that are drawn together: neighbours resemble each other. */
const BLOCK = 6;

/**
 * Refits of the model to resampled data: clients with replacement, in each client blocks of frames with
 * replacement, and on top the error from run to run that the residuals show beyond sampling.
 *
 * @see Davison and Hinkley 1997, Bootstrap Methods and their Application, chapters 3 and 8
 */
export function bootstrapFits(
  cells: readonly ModelCell[],
  fit: MeanFit,
  runError: number,
  options: BootstrapOptions,
): readonly MeanParameters[] {
  const random = createRandom(options.seed);
  const fits: MeanParameters[] = [];
  for (let replication = 0; replication < options.replications; replication++) {
    const observations = cells.flatMap((cell) => {
      const seen = redraw(cell, options.limitSeconds, random);
      if (seen === undefined) return [];
      const shifted = seen.uncutMeanSeconds * Math.exp(runError * drawNormal(random));
      return [{ ...seen, uncutMeanSeconds: shifted }];
    });
    if (observations.length < 2) continue;
    fits.push(fitMeans(observations, fit.variant, fit).parameters);
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

/** What a cell might as well have shown: resampled; from its standard error where only a summary is left. */
function redraw(cell: ModelCell, limitSeconds: number, random: () => number): Observation | undefined {
  if (cell.summary === undefined) return observe(resample(cell, random), limitSeconds);
  const seen = observe(cell, limitSeconds);
  if (seen === undefined) return undefined;
  const shift = Math.exp(seen.relativeError * drawNormal(random));
  return { ...seen, uncutMeanSeconds: seen.uncutMeanSeconds * shift };
}

function resample(cell: ModelCell, random: () => number): ModelCell {
  const clients = cell.clients.map(() =>
    blocks(cell.clients[Math.floor(random() * cell.clients.length)] as ModelClient, random),
  );
  return { ...cell, clients };
}

function blocks(client: ModelClient, random: () => number): ModelClient {
  const { roundTripSeconds } = client;
  const size = roundTripSeconds.length;
  const drawn: number[] = [];
  while (drawn.length < size) {
    const start = Math.floor(random() * Math.max(1, size - BLOCK + 1));
    drawn.push(...roundTripSeconds.slice(start, start + Math.min(BLOCK, size - drawn.length)));
  }
  // Failed frames are the slowest; as many of those drawn failed as lie at or above the slowest answered one.
  const failed = size - client.answeredFrames;
  if (failed === 0) return { ...client, roundTripSeconds: drawn, answeredFrames: size };
  const bar = [...roundTripSeconds].sort((a, b) => b - a)[failed - 1] as number;
  return {
    ...client,
    roundTripSeconds: drawn,
    answeredFrames: drawn.filter((seconds) => seconds < bar).length,
  };
}
