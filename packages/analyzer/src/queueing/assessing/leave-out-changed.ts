import { describeCondition } from "../../core/condition.ts";
import { describeHostChange } from "../../core/host-change.ts";
import type { ModelCell } from "../fitting/observation.ts";
import type { Caveat } from "./verdict.ts";

/** Fewer different loads than this are no fit: then runs stay in, whatever happened. */
const MIN_LOADS = 3;

export interface SteadyCells {
  readonly cells: readonly ModelCell[];
  readonly caveats: readonly Caveat[];
}

/**
 * Leaves out the runs in which the host became faster or slower: their means mix two speeds, and no parameters fit
 * both. If too few loads would remain, all runs stay in, and the verdict says so.
 *
 * @example
 * ```ts
 * leaveOutChanged([]); // { cells: [], caveats: [] }
 * ```
 */
export function leaveOutChanged(cells: readonly ModelCell[]): SteadyCells {
  const changed = cells.filter(({ changes = [] }) => changes.length > 0);
  if (changed.length === 0) return { cells, caveats: [] };
  const steady = cells.flatMap((cell) => withoutChanged(cell) ?? []);
  const isEnough = new Set(steady.map(({ users }) => users)).size >= MIN_LOADS;
  return {
    cells: isEnough ? steady : cells,
    caveats: changed.map((cell) => ({
      level: isEnough ? "note" : "caution",
      reason: `${isEnough ? "Left out of the fit" : "Not left out, because too few loads would remain"}: ${describeCondition(cell)}, where the host changed within ${describeChanges(cell)}.`,
    })),
  };
}

/** Undefined if no run is left. */
function withoutChanged(cell: ModelCell): ModelCell | undefined {
  const { changes = [] } = cell;
  if (changes.length === 0) return cell;
  const runs = new Set(changes.map(({ repetition }) => repetition));
  const clients = cell.clients.filter(({ repetition = 1 }) => !runs.has(repetition));
  return clients.length === 0 ? undefined : { ...cell, clients };
}

function describeChanges({ changes = [] }: ModelCell): string {
  return changes
    .map((change) => `repetition ${change.repetition} (round trips ${describeHostChange(change)})`)
    .join(", ");
}
