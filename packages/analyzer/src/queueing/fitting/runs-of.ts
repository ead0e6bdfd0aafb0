import type { ModelCell } from "./observation.ts";

/** The repetitions of a cell, as cells. */
export function runsOf(cell: ModelCell): readonly ModelCell[] {
  const repetitions = [...new Set(cell.clients.map(({ repetition }) => repetition))];
  return repetitions.map((repetition) => ({
    ...cell,
    clients: cell.clients.filter((client) => client.repetition === repetition),
  }));
}
