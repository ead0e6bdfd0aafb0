import type { ModelCell } from "./observation.ts";
import { runsOf } from "./runs-of.ts";

/**
 * The replicas that answered in the cells: their number if one run met all of them, `changing` if none did, because
 * some ended and others started; undefined if responses do not name them.
 */
export function measuredReplicas(cells: readonly ModelCell[]): number | "changing" | undefined {
  const runs = cells.flatMap(runsOf).map(namesOf);
  const all = new Set(runs.flatMap((names) => [...names]));
  if (all.size === 0) return undefined;
  return runs.some((names) => names.size === all.size) ? all.size : "changing";
}

const namesOf = ({ clients }: ModelCell): ReadonlySet<string> =>
  new Set(clients.flatMap(({ trace = [] }) => trace.flatMap(({ replica }) => replica ?? [])));
