import { drawNormal } from "../../stats/draw-normal.ts";

/** Below this expected count, draw Poisson events one by one: the normal approximation would go negative. */
const FEW = 20;

/**
 * Draws the observed share of `count` independent trials with probability `share`: binomial, approximated by
 * Poisson if successes or failures are rare, else by the normal distribution.
 * @see Knuth 1997, The Art of Computer Programming 2, section 3.4.1 (Poisson by products of uniforms)
 */
export function drawShare(count: number, share: number, random: () => number): number {
  const rare = Math.min(share, 1 - share);
  const expected = count * rare;
  if (!(expected > 0)) return share;
  const drawn =
    expected < FEW
      ? drawPoisson(expected, random)
      : expected + Math.sqrt(expected * (1 - rare)) * drawNormal(random);
  const ratio = Math.min(1, Math.max(0, drawn / count));
  return share <= 0.5 ? ratio : 1 - ratio;
}

function drawPoisson(expected: number, random: () => number): number {
  const end = Math.exp(-expected);
  let count = 0;
  for (let product = random(); product > end; product *= random()) count++;
  return count;
}
