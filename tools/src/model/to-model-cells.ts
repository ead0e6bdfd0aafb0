import type { Analysis, ModelCell } from "@slbench/analyzer";

/** Cells of the same condition are one. */
export function toModelCells(analyses: readonly Analysis[]): readonly ModelCell[] {
  const cells = new Map<string, ModelCell>();
  for (const { summary, clients } of analyses) {
    for (const [index, { users, thinkTimeSeconds }] of summary.cells.entries()) {
      const key = `${users} ${thinkTimeSeconds}`;
      const own = (clients[index] ?? []).map((client) => ({
        roundTripSeconds: client.roundTripSeconds,
        answeredFrames: client.answeredFrames,
        handlerSeconds: client.handlerSeconds,
        repetition: client.repetition,
      }));
      cells.set(key, { users, thinkTimeSeconds, clients: [...(cells.get(key)?.clients ?? []), ...own] });
    }
  }
  return [...cells.values()];
}
