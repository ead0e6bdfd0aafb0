import { drawNormal } from "../../stats/draw-normal.ts";

/** With this many degrees of freedom the distribution is normal. */
const MANY = 200;
/** One or two residuals hold hardly any information about their deviation. */
const MAX_SCALE = 3;

/**
 * Draws from Student's t distribution: a standard normal number × √(d / χ²). The second factor is at most 3.
 * @see Student 1908, Biometrika 6(1)
 */
export function drawStudent(degrees: number, random: () => number): number {
  if (degrees > MANY) return drawNormal(random);
  let squares = 0;
  for (let one = 0; one < degrees; one++) squares += drawNormal(random) ** 2;
  return Math.min(MAX_SCALE, Math.sqrt(degrees / squares)) * drawNormal(random);
}
