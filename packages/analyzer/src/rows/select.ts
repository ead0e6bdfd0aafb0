import type { ClientRun } from "../clients/client-run.ts";
import { RequestTable } from "../columns/request-table.ts";
import type { Condition } from "../core/condition.ts";
import type { RequestRow } from "../core/request-row.ts";
import { parseFilter } from "./filter.ts";
import { clientHead, clientRows } from "./rows.ts";

export interface Selected {
  readonly clients: readonly ClientRun[];
  readonly requestsLeftOut: number;
}

/** The clients of one condition, with the requests for which a filter holds; only those that have any. */
export function selectRequests(
  condition: Condition,
  clients: readonly ClientRun[],
  filter: string,
): Selected {
  const keep = parseFilter(filter);
  const table = new RequestTable();
  let requestsLeftOut = 0;
  const selected = clients.flatMap((client) => {
    const rows = clientRows(condition, client);
    const kept = rows.map(keep);
    const leftOut = kept.filter((one) => !one).length;
    requestsLeftOut += leftOut;
    // A client without requests, for example a crashed one, stays unless the filter needs a request's fields.
    const isWanted = rows.length === 0 ? keep(clientHead(condition, client)) : leftOut < rows.length;
    if (!isWanted) return [];
    return leftOut === 0 ? [client] : [withRequests(client, rows, kept, table)];
  });
  return { clients: selected, requestsLeftOut };
}

/** A client as if it had sent only some of its requests. */
function withRequests(
  client: ClientRun,
  rows: readonly RequestRow[],
  kept: readonly (boolean | undefined)[],
  table: RequestTable,
): ClientRun {
  if (client.requests !== undefined)
    return client.withRequests(table.append([...client.requests].filter((_, index) => kept[index])));
  const left = rows.filter((_, index) => kept[index]);
  const successful = left.filter((row) => row.outcome === "ok");
  const known = (pick: (row: RequestRow) => number | undefined) =>
    successful.flatMap((row) => pick(row) ?? []);
  return client.withTimes({
    sent: left.length,
    successful: successful.length,
    roundTripSeconds: left.map((row) => row.roundTripSeconds),
    ...(left.every((row) => row.outcome !== "unknown") && {
      successfulRoundTripSeconds: successful.map((row) => row.roundTripSeconds),
    }),
    handlerSeconds: known((row) => row.handlerSeconds),
    mlSeconds: known((row) => row.mlSeconds),
  });
}
