import type { RequestResult } from "@slbench/client/report";
import type { ClientRun } from "../clients/client-run.ts";
import { type Condition, conditionKey } from "../core/condition.ts";
import type { RequestRow } from "../core/request-row.ts";
import { workerOf } from "../core/sample.ts";
import { SAMPLE_FIELDS } from "../log/sample-table.ts";
import { COLUMN_NAMES, type Column, type RequestRows, type RowField, tableColumns } from "./columns.ts";
import type { PlainLog } from "./plain-log.ts";

/** An analysis, as far as rows need it. */
export interface RowSource {
  readonly summary: { readonly cells: readonly Condition[] };
  /** Of each cell. */
  readonly clients: readonly (readonly ClientRun[])[];
  readonly plainLogs?: readonly PlainLog[];
}

/**
 * The requests of an analysis, cell by cell: by repetition, then in the order of the logs. Rows are made
 * one by one in each iteration, as there may be millions.
 *
 * @example
 * ```ts
 * [...requestRows(analyze([]))].length; // 0
 * ```
 */
export function requestRows(source: RowSource): RequestRows {
  const { summary, clients } = source;
  return {
    get columns() {
      return findColumns({ ...source, plainLogs: [] });
    },
    *[Symbol.iterator]() {
      for (const [index, cell] of summary.cells.entries()) {
        const own = (clients[index] ?? []).toSorted((a, b) => a.repetition - b.repetition);
        for (const client of own) yield* clientRows(cell, client);
      }
    },
  };
}

/**
 * The requests of an analysis that figures are made of: those of the steady part, where cells have one.
 *
 * @example
 * ```ts
 * [...measuredRows(analyze([]))].length; // 0
 * ```
 */
export function measuredRows(source: RowSource): RequestRows {
  const rows = requestRows(source);
  return {
    get columns() {
      return rows.columns;
    },
    *[Symbol.iterator]() {
      for (const row of rows) if (row.steady !== false) yield row;
    },
  };
}

/**
 * The samples of the logs without clients' reports, log by log, in the same way.
 *
 * @example
 * ```ts
 * const text = "timeStamp,elapsed,label,responseCode,threadName,success\n1,250,GET,200,Users 1-1,true\n";
 * const log = await readLog(new Blob([text]).stream(), "run.csv", { keepSamples: true });
 * const analysis = analyze([{ users: 1, thinkTimeSeconds: 0, repetition: 1, source: "run.csv", log }]);
 * [...sampleRows(analysis)][0]?.roundTripSeconds; // 0.25
 * ```
 */
export function sampleRows({ summary, plainLogs = [] }: RowSource): RequestRows {
  return {
    get columns() {
      return findColumns({ summary, clients: [], plainLogs });
    },
    *[Symbol.iterator]() {
      for (const { rows } of plainLogs) yield* rows;
    },
  };
}

/**
 * All rows of an analysis, in the same way: requests, then samples.
 *
 * @example
 * ```ts
 * const text = "timeStamp,elapsed,label,responseCode,threadName,success\n1,250,GET,200,Users 1-1,true\n";
 * const log = await readLog(new Blob([text]).stream(), "run.csv", { keepSamples: true });
 * const analysis = analyze([{ users: 1, thinkTimeSeconds: 0, repetition: 1, source: "run.csv", log }]);
 * [...allRequestRows(analysis)].length; // 1
 * ```
 */
export function allRequestRows(source: RowSource): RequestRows {
  return {
    get columns() {
      return findColumns(source);
    },
    *[Symbol.iterator]() {
      yield* requestRows(source);
      yield* sampleRows(source);
    },
  };
}

/** The columns of a source's rows, from the packed columns of its requests. */
function findColumns({ summary, clients, plainLogs = [] }: RowSource): readonly Column[] {
  const names = new Set<string>();
  if (summary.cells.some(({ ratePerSecond }) => ratePerSecond !== undefined)) names.add("ratePerSecond");
  const times = new Set<string>();
  for (const client of clients.flat()) {
    const { requests, steady } = client;
    if (steady !== undefined) names.add("steady");
    if (requests === undefined) {
      if (client.handlerSeconds.length > 0) names.add("handlerSeconds");
      if (client.mlSeconds.length > 0) names.add("mlSeconds");
      continue;
    }
    for (const name of COLUMN_NAMES) if (!names.has(name) && requests.has(name)) names.add(name);
    for (const name of requests.timeNames) times.add(name);
  }
  if (plainLogs.some(({ threads }) => threads > 0)) for (const name of SAMPLE_FIELDS) names.add(name);
  if (plainLogs.some(({ labels }) => labels.some(({ isTransaction }) => isTransaction)))
    names.add("isTransaction");
  return tableColumns((name: RowField) => names.has(name), times);
}

/** One client's rows, in the order of sending. */
export function clientRows(condition: Condition, client: ClientRun): readonly RequestRow[] {
  const head = clientHead(condition, client);
  const { steady } = client;
  if (client.requests !== undefined)
    return Array.from(client.requests, (request, index) => ({
      ...head,
      ...known(request),
      ...(steady !== undefined && { steady: index >= steady.from && index < steady.to }),
    }));
  // The older text form: which requests failed is known only if none did.
  const whole = client.successfulRoundTripSeconds !== undefined;
  return client.roundTripSeconds.map((roundTripSeconds, index) => {
    const handlerSeconds = whole ? client.handlerSeconds[index] : undefined;
    const mlSeconds = whole ? client.mlSeconds[index] : undefined;
    return {
      ...head,
      sequence: index + 1,
      roundTripSeconds,
      ...(handlerSeconds !== undefined && { handlerSeconds }),
      ...(mlSeconds !== undefined && { mlSeconds }),
      outcome: whole ? ("ok" as const) : ("unknown" as const),
    };
  });
}

/** The fields that all rows of a client share. */
export function clientHead(condition: Condition, { sample, repetition, user }: ClientRun) {
  const worker = workerOf(sample);
  return {
    cell: conditionKey(condition),
    users: condition.users,
    thinkTimeSeconds: condition.thinkTimeSeconds,
    ...(condition.ratePerSecond !== undefined && { ratePerSecond: condition.ratePerSecond }),
    repetition,
    ...(worker !== undefined && { worker }),
    user: user ?? sample.threadName,
  };
}

function known(request: RequestResult): Omit<RequestRow, "cell" | "users" | "repetition" | "user"> {
  const { startMonotonicSeconds: _, ...rest } = request;
  return rest;
}
