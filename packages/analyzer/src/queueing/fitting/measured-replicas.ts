import type { ModelCell } from "./observation.ts";

/**
 * The replicas that answered in the cells: their number if it was the same in every run, `changing` if it was not,
 * undefined if responses do not name them.
 */
export function measuredReplicas(cells: readonly ModelCell[]): number | "changing" | undefined {
  const counts = new Set(cells.flatMap(namesPerRun));
  counts.delete(0);
  if (counts.size === 0) return undefined;
  return counts.size === 1 ? [...counts][0] : "changing";
}

/** Runs with few requests may miss replicas, so they do not count. */
const MIN_REQUESTS = 20;

function namesPerRun({ clients }: ModelCell): readonly number[] {
  const repetitions = [...new Set(clients.map(({ repetition }) => repetition))];
  return repetitions.flatMap((repetition) => {
    const own = clients.filter((client) => client.repetition === repetition);
    const requests = own.flatMap(({ trace = [] }) => trace);
    const names = new Set(requests.flatMap(({ replica }) => replica ?? []));
    return requests.length < MIN_REQUESTS ? [] : names.size;
  });
}
