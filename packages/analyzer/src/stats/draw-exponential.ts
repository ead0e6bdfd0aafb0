/** One number of the exponential distribution with mean 1. */
export function drawExponential(random: () => number): number {
  return -Math.log(1 - random());
}
