import type { Cluster } from "./proportion-interval.ts";
import type { Values } from "./values.ts";

/**
 * The hits of each block: what proportionInterval() and judgeShare() take.
 *
 * @example
 * ```ts
 * countHits([[0.2, 0.9]], (seconds) => seconds <= 0.5); // [{ hits: 1, trials: 2 }]
 * ```
 */
export function countHits(blocks: readonly Values[], isHit: (value: number) => boolean): readonly Cluster[] {
  return blocks.map((values) => {
    let hits = 0;
    for (const value of values) if (isHit(value)) hits++;
    return { hits, trials: values.length };
  });
}
