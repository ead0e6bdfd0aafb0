import type { Scope } from "./scope.ts";
import type { Values } from "./values.ts";

/** Between 10 and 30 serve most purposes (Schmeiser 1982, Operations Research 30(3)); few outlast slow phases. */
const BLOCKS = 10;
/** Fewer runs do not show how runs differ. */
export const MIN_RUNS = 3;

/** Values in clusters that are taken as independent of each other. */
export interface Blocks {
  readonly blocks: readonly Values[];
  readonly scope: Scope;
}

/**
 * Clusters for a share of a cell: its runs if there are three or more, else about 10 blocks of
 * time over all runs, none of which spans two runs.
 *
 * @param runs each one's values in order of time; empty ones are left out
 *
 * @example
 * ```ts
 * cutBlocks([[1, 2, 3, 4]]).blocks.length; // 4
 * ```
 */
export function cutBlocks(runs: readonly Values[]): Blocks {
  const some = runs.filter((run) => run.length > 0);
  if (some.length >= MIN_RUNS) return { blocks: some, scope: "between runs" };
  const each = Math.round(BLOCKS / Math.max(1, some.length));
  return {
    blocks: some.flatMap((run) => cutOne(run, Math.min(each, run.length))),
    scope: "within this run",
  };
}

function cutOne(run: Values, count: number): readonly Values[] {
  const edge = (index: number) => Math.floor((index * run.length) / count);
  return Array.from({ length: count }, (_, index) => run.slice(edge(index), edge(index + 1)));
}
