import type { ModelCell } from "./observation.ts";

/**
 * The replicas that answered in the cells: their number if one run met all of them, `changing` if none did, because
 * some ended and others started; undefined if responses do not name them.
 */
export function measuredReplicas(cells: readonly ModelCell[]): number | "changing" | undefined {
  const runs = cells.flatMap(namesPerRun);
  const all = new Set(runs.flatMap((names) => [...names]));
  if (all.size === 0) return undefined;
  return runs.some((names) => names.size === all.size) ? all.size : "changing";
}

function namesPerRun({ clients }: ModelCell): readonly ReadonlySet<string>[] {
  const repetitions = [...new Set(clients.map(({ repetition }) => repetition))];
  return repetitions.map((repetition) => {
    const own = clients.filter((client) => client.repetition === repetition);
    return new Set(own.flatMap(({ trace = [] }) => trace.flatMap(({ replica }) => replica ?? [])));
  });
}
