import { describeCondition } from "../../core/condition.ts";
import { describeHostChange } from "../../core/host-change.ts";
import type { StationOptions } from "../fitting/fit-station.ts";
import type { ModelCell } from "../fitting/observation.ts";
import { findSegments, type RegimeSegment } from "./regime-segments.ts";
import type { Caveat } from "./verdict.ts";

/** Fewer different loads than this are no fit: then runs stay in, whatever happened. */
const MIN_LOADS = 3;

export interface SteadyCells {
  readonly cells: readonly ModelCell[];
  readonly caveats: readonly Caveat[];
}

/**
 * Leaves out the runs in which the host became faster or slower, since no parameters fit two speeds; keeps the part
 * before or after the change if the host was then as in the other cells. If too few loads would remain, all runs stay
 * in, and the verdict says so.
 *
 * @example
 * ```ts
 * leaveOutChanged([], { limitSeconds: 25, replications: 40, seed: 1 }); // { cells: [], caveats: [] }
 * ```
 */
export function leaveOutChanged(cells: readonly ModelCell[], options: StationOptions): SteadyCells {
  const changed = cells.filter(({ changes = [] }) => changes.length > 0);
  if (changed.length === 0) return { cells, caveats: [] };
  const steady = cells.flatMap((cell) => withoutChanged(cell) ?? []);
  if (new Set(steady.map(({ users }) => users)).size < MIN_LOADS)
    return { cells, caveats: changed.map((cell) => notLeftOut(cell)) };
  const segments = findSegments(changed, steady, options);
  return {
    cells: [...steady, ...segments.map(({ cell }) => cell)],
    caveats: changed.map((cell) => leftOut(cell, segments)),
  };
}

const notLeftOut = (cell: ModelCell): Caveat => ({
  level: "caution",
  reason: `Not left out, because too few loads would remain: ${describeCondition(cell)}, where the host changed within ${describeChanges(cell)}.`,
});

function leftOut(cell: ModelCell, segments: readonly RegimeSegment[]): Caveat {
  const kept = segments.filter(({ change }) => cell.changes?.includes(change));
  const parts = kept
    .map(({ change, part }) => `${part} the change in repetition ${change.repetition}`)
    .join(", ");
  const reason =
    kept.length === 0
      ? "."
      : `; the part ${parts} is in the fit, because the host was then as in the other cells.`;
  return {
    level: "note",
    reason: `Left out of the fit: ${describeCondition(cell)}, where the host changed within ${describeChanges(cell)}${reason}`,
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
