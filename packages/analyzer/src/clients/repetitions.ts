import { activeSpan, type Span } from "../core/time-span.ts";
import type { ClientRun } from "./client-run.ts";

/** One repetition of a condition. */
export interface Repetition {
  readonly repetition: number;
  /** Those that sent a request. */
  readonly clients: readonly ClientRun[];
}

/** The repetitions of a condition in which anything was sent, by their number. */
export function groupByRepetition(clients: readonly ClientRun[]): readonly Repetition[] {
  const repetitions = new Map<number, ClientRun[]>();
  for (const client of clients) {
    if (client.sentRequests === 0) continue;
    const own = repetitions.get(client.repetition);
    if (own === undefined) repetitions.set(client.repetition, [client]);
    else own.push(client);
  }
  return [...repetitions]
    .sort(([a], [b]) => a - b)
    .map(([repetition, own]) => ({ repetition, clients: own }));
}

/** A client's starts, epoch microseconds; NaN in the older text form, which has none. */
export function startsOf({ requests, sentRequests }: ClientRun): readonly number[] {
  return requests?.numbers("startEpochMicros") ?? new Array(sentRequests).fill(Number.NaN);
}

/** From a client's first request to its last response; undefined if a start is not known. */
export function spanOf(client: ClientRun): Span | undefined {
  return activeSpan(startsOf(client), client.roundTripSeconds);
}
