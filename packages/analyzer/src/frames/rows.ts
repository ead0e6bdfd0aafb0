import type { FrameResult } from "@slbench/client/report";
import type { ClientRun } from "../client-run.ts";
import type { FrameRow } from "../frame-row.ts";
import type { Condition } from "../summary/cell.ts";

/** One row per sent frame of a condition's clients: by repetition, then in the order of the logs. */
export function toFrameRows(condition: Condition, clients: readonly ClientRun[]): readonly FrameRow[] {
  return clients
    .toSorted((a, b) => a.repetition - b.repetition)
    .flatMap((client) => clientRows(condition, client));
}

/** All rows of an analysis, cell by cell. */
export function allFrameRows(analysis: {
  readonly summary: { readonly cells: readonly Condition[] };
  readonly clients: readonly (readonly ClientRun[])[];
}): readonly FrameRow[] {
  return analysis.summary.cells.flatMap((cell, index) => toFrameRows(cell, analysis.clients[index] ?? []));
}

/** One client's rows, in the order of sending. */
export function clientRows(condition: Condition, client: ClientRun): readonly FrameRow[] {
  const { sample, repetition } = client;
  const slave = slaveOf(client);
  const head = {
    cell: cellName(condition),
    users: condition.users,
    thinkTimeSeconds: condition.thinkTimeSeconds,
    repetition,
    ...(slave !== undefined && { slave }),
    user: client.user ?? sample.threadName,
  };
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

/** `u04-t1`, as the folders of cells are called. */
export function cellName({ users, thinkTimeSeconds }: Condition): string {
  return `u${String(users).padStart(2, "0")}-t${thinkTimeSeconds}`;
}

/** JMeter puts the slave's address before the thread group's name: `10.0.0.1-Thread Group 1-3`. */
function slaveOf({ sample }: ClientRun): string | undefined {
  return /^(\d+\.\d+\.\d+\.\d+(?::\d+)?)-/.exec(sample.threadName)?.[1] ?? sample.hostname;
}

function known(frame: FrameResult): Omit<FrameRow, "cell" | "users" | "repetition" | "user"> {
  const { startMonotonicSeconds: _, ...rest } = frame;
  return rest;
}
