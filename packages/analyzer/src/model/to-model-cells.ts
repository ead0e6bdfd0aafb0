import type { Analysis } from "../analyze.ts";
import type { ModelCell } from "../queueing/index.ts";

/**
 * The cells of results. The same condition in two results stays two: they may differ by more than chance.
 *
 * @example
 * ```ts
 * toModelCells([analyze([])]).length; // 0
 * ```
 */
export function toModelCells(analyses: readonly Analysis[]): readonly ModelCell[] {
  return analyses.flatMap(({ summary, clients }) =>
    summary.cells.map(({ users, thinkTimeSeconds, meanActiveUsers }, index) => ({
      users,
      thinkTimeSeconds,
      ...(meanActiveUsers !== undefined && { meanActiveUsers }),
      clients: (clients[index] ?? []).map((client) => ({
        roundTripSeconds: client.roundTripSeconds,
        successfulRequests: client.successfulRequests,
        handlerSeconds: client.handlerSeconds,
        repetition: client.repetition,
      })),
    })),
  );
}
