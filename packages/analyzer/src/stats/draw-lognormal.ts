import { drawNormal } from "./draw-normal.ts";

/** Standard deviation of the logarithm of a lognormal number with this coefficient of variation. */
export const logSpread = (variation: number): number => Math.sqrt(Math.log1p(variation ** 2));

/** The lognormal number with mean 1 that belongs to a standard normal one. */
export const lognormal = (normal: number, spread: number): number => Math.exp(spread * (normal - spread / 2));

/**
 * One number of the lognormal distribution with mean 1.
 * @param spread logSpread() of its coefficient of variation
 */
export function drawLognormal(random: () => number, spread: number): number {
  return lognormal(drawNormal(random), spread);
}
