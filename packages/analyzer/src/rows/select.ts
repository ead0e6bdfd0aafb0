import type { ClientRun } from "../clients/client-run.ts";
import { groupByRepetition, spanOf } from "../clients/repetitions.ts";
import { RequestTable } from "../columns/request-table.ts";
import type { Condition } from "../core/condition.ts";
import type { RequestRow } from "../core/request-row.ts";
import { fullLoad, isWithin } from "../core/time-span.ts";
import { parseFilter } from "./filter.ts";
import { clientHead, clientRows } from "./rows.ts";
import type { Selection } from "./selection.ts";

export interface Selected {
  readonly clients: readonly ClientRun[];
  readonly requestsLeftOut: number;
  /** Repetitions of which no such time is known: nothing was cut of them. */
  readonly uncutRepetitions: readonly number[];
}

/** The clients of one condition, with the requests that a selection keeps; with a filter only those that keep any. */
export function selectRequests(
  condition: Condition,
  clients: readonly ClientRun[],
  { filter, cutRamp = false }: Selection,
): Selected {
  const keep = filter === undefined ? undefined : parseFilter(filter);
  const runs = cutRamp ? groupByRepetition(clients) : [];
  const times = new Map(runs.map((run) => [run.repetition, fullLoad(run.clients.map(spanOf))]));
  const table = new RequestTable();
  let requestsLeftOut = 0;
  const selected = clients.flatMap((client) => {
    const time = times.get(client.repetition);
    const rows = clientRows(condition, client);
    const kept = rows.map(
      (row) =>
        (keep?.(row) ?? true) &&
        (time === undefined || isWithin(time, row.startEpochMicros ?? Number.NaN, row.roundTripSeconds)),
    );
    const leftOut = kept.filter((one) => !one).length;
    requestsLeftOut += leftOut;
    // A client without requests, for example a crashed one, stays unless the filter needs a request's fields.
    const isWanted = rows.length === 0 ? keep?.(clientHead(condition, client)) : leftOut < rows.length;
    if (keep !== undefined && isWanted !== true) return [];
    return leftOut === 0 ? [client] : [withRequests(client, rows, kept, table)];
  });
  const uncut = [...times].flatMap(([repetition, time]) => (time === undefined ? [repetition] : []));
  return { clients: selected, requestsLeftOut, uncutRepetitions: uncut.sort((a, b) => a - b) };
}

/** A client as if it had sent only some of its requests. */
function withRequests(
  client: ClientRun,
  rows: readonly RequestRow[],
  kept: readonly boolean[],
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
