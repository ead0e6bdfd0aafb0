import { drawNormal } from "../numeric/random.ts";
import { type MeanFit, toldBy } from "./fit.ts";
import type { Observation } from "./observation.ts";

/** Error from run to run, as a share of the mean, and what is known of it. */
export interface RunError {
  readonly ratio: number;
  /** Residuals less parameters: the fewer, the less the ratio itself is known. */
  readonly degrees: number;
}

/** No run repeats exactly. */
const LEAST = 0.005;
/** With as many degrees of freedom the ratio is as good as known. */
const MANY = 200;

/** The residuals' scatter with the degrees of freedom that the parameters cost. */
export function runToRunError(fit: MeanFit, observations: readonly Observation[]): RunError {
  const free = ["sharing", "first-come"].includes(fit.variant) ? 2 : 3;
  const degrees = Math.max(1, observations.length - free);
  const weights = observations.map(toldBy);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const squares = fit.residuals.reduce((sum, one, index) => sum + (weights[index] as number) * one ** 2, 0);
  const mean = squares / all;
  return { ratio: Math.max(LEAST, Math.sqrt((mean * observations.length) / degrees)), degrees };
}

/**
 * The error as it may as well be: s √(d / χ²), χ² with d degrees of freedom, so that a normal number times it
 * has Student's distribution. At most thrice s: one or two residuals know nothing.
 * @see Student 1908, Biometrika 6(1)
 */
export function drawRunError({ ratio, degrees }: RunError, random: () => number): number {
  if (degrees > MANY) return ratio;
  let squares = 0;
  for (let one = 0; one < degrees; one++) squares += drawNormal(random) ** 2;
  return ratio * Math.min(3, Math.sqrt(degrees / squares));
}
