import { drawNormal } from "../../stats/draw-normal.ts";
import { type MeanFit, toldBy } from "./fit.ts";
import type { Observation } from "./observation.ts";

/** Run-to-run error relative to the mean, with its degrees of freedom. */
export interface RunError {
  readonly ratio: number;
  /** Residuals minus parameters: the fewer, the less certain the ratio itself. */
  readonly degrees: number;
}

/** Minimum ratio: no run repeats exactly. */
const MIN_RATIO = 0.005;
/** With this many degrees of freedom the ratio counts as known. */
const MANY = 200;

/** Estimates the run-to-run error from the residuals, minus one degree of freedom per parameter. */
export function runToRunError(fit: MeanFit, observations: readonly Observation[]): RunError {
  const free = ["sharing", "first-come"].includes(fit.variant) ? 2 : 3;
  const degrees = Math.max(1, observations.length - free);
  const weights = observations.map(toldBy);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const squares = fit.residuals.reduce((sum, one, index) => sum + (weights[index] as number) * one ** 2, 0);
  const mean = squares / all;
  return { ratio: Math.max(MIN_RATIO, Math.sqrt((mean * observations.length) / degrees)), degrees };
}

/**
 * Draws a plausible error: s √(d / χ²) with d degrees of freedom, so that its product with a standard normal
 * variable has Student's t distribution. At most 3 s, since one or two residuals hold hardly any information.
 * @see Student 1908, Biometrika 6(1)
 */
export function drawRunError({ ratio, degrees }: RunError, random: () => number): number {
  if (degrees > MANY) return ratio;
  let squares = 0;
  for (let one = 0; one < degrees; one++) squares += drawNormal(random) ** 2;
  return ratio * Math.min(3, Math.sqrt(degrees / squares));
}
