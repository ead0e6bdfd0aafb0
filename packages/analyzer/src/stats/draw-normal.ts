/** One standard normal number (Box and Muller 1958, Annals of Mathematical Statistics 29). */
export function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
