import type { LogInput, ModelCell, ModelClient } from "@slbench/analyzer";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/**
 * Converts a labelled log without clients' reports to a cell: each sample is a request with its elapsed time as the
 * round trip, and each thread a user. Rejects logs whose samples are not single requests of one kind.
 * @throws {SlbenchError} MODEL_NO_REPORTS
 */
export function requestCell({ users, thinkTimeSeconds, repetition, source, log }: LogInput): ModelCell {
  const refuse = (what: string, hint: string) =>
    new SlbenchError<ToolErrorCode>("MODEL_NO_REPORTS", `${source}: ${what}`, { hint });
  const labels = log?.labels ?? [];
  if (labels.some(({ isProcess }) => isProcess)) {
    throw refuse(
      "the log has process samples without their reports: their times cover whole clients, not single requests",
      "record response data (XML, or CSV with response_data), or give the result folder",
    );
  }
  if (labels.length > 1) {
    const names = labels.map(({ label }) => `"${label}"`);
    throw refuse(
      `the log has requests of ${labels.length} labels (${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}); the model needs one`,
      "keep the samples of one label, or measure it alone",
    );
  }
  const threads = new Map<string, { roundTripSeconds: number[]; successful: boolean[] }>();
  for (let index = 0; index < (log?.table?.length ?? 0); index++) {
    const row = log?.table?.row(index, () => false);
    if (row === undefined) continue;
    const thread = `${row.worker ?? ""} ${row.user}`;
    const client = threads.get(thread) ?? { roundTripSeconds: [], successful: [] };
    client.roundTripSeconds.push(row.roundTripSeconds);
    client.successful.push(row.outcome === "ok");
    threads.set(thread, client);
  }
  if (threads.size === 0) throw refuse("the log has no samples", "measure again, or omit this log");
  const clients = [...threads.values()].map(
    (client): ModelClient => ({
      ...client,
      successfulRequests: client.successful.filter((isSuccessful) => isSuccessful).length,
      repetition,
    }),
  );
  return { users, thinkTimeSeconds, clients };
}
