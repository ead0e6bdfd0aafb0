import type { FrameResult } from "@slbench/client/report";
import type { ClientRun } from "../clients/client-run.ts";
import { type Condition, conditionKey } from "../core/condition.ts";
import type { FrameRow } from "../core/frame-row.ts";
import { slaveOf } from "../core/sample.ts";
import type { PlainLog } from "./plain-log.ts";

/** What rows are made of. */
export interface RowSource {
  readonly summary: { readonly cells: readonly Condition[] };
  /** Of each cell. */
  readonly clients: readonly (readonly ClientRun[])[];
  readonly plainLogs?: readonly PlainLog[];
}

/**
 * The frames of an analysis, cell by cell: by repetition, then in the order of the logs. Made one by one each time
 * they are gone through: there may be millions.
 */
export function frameRows({ summary, clients }: RowSource): Iterable<FrameRow> {
  return {
    *[Symbol.iterator]() {
      for (const [index, cell] of summary.cells.entries()) {
        const own = (clients[index] ?? []).toSorted((a, b) => a.repetition - b.repetition);
        for (const client of own) yield* clientRows(cell, client);
      }
    },
  };
}

/** The samples of the logs without clients' reports, log by log, in the same way. */
export function sampleRows({ plainLogs = [] }: RowSource): Iterable<FrameRow> {
  return {
    *[Symbol.iterator]() {
      for (const { rows } of plainLogs) yield* rows;
    },
  };
}

/** All rows of an analysis, in the same way: frames, then samples. */
export function allFrameRows(source: RowSource): Iterable<FrameRow> {
  return {
    *[Symbol.iterator]() {
      yield* frameRows(source);
      yield* sampleRows(source);
    },
  };
}

/** One client's rows, in the order of sending. */
export function clientRows(condition: Condition, client: ClientRun): readonly FrameRow[] {
  const head = clientHead(condition, client);
  if (client.frames !== undefined)
    return Array.from(client.frames, (frame) => ({ ...head, ...known(frame) }));
  // The older text form: which frames failed is known only where none did.
  const whole = client.answeredRoundTripSeconds !== undefined;
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

/** What all rows of a client have in common. */
export function clientHead(condition: Condition, { sample, repetition, user }: ClientRun) {
  const slave = slaveOf(sample);
  return {
    cell: conditionKey(condition),
    users: condition.users,
    thinkTimeSeconds: condition.thinkTimeSeconds,
    repetition,
    ...(slave !== undefined && { slave }),
    user: user ?? sample.threadName,
  };
}

function known(frame: FrameResult): Omit<FrameRow, "cell" | "users" | "repetition" | "user"> {
  const { startMonotonicSeconds: _, ...rest } = frame;
  return rest;
}
