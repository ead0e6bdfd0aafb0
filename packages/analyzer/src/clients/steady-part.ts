import { arrivedWithin, commonSpan, responseSpan, type Span } from "../core/time-span.ts";
import type { ClientRun } from "./client-run.ts";
import { groupByRepetition, startsOf } from "./repetitions.ts";

/** A steady part needs that many responses per user on average: one alone says nothing about the next. */
export const MIN_RESPONSES_PER_USER = 2;

/**
 * The steady part of each repetition of a closed loop: from the moment at which every user has had its first response
 * to the first user's last response. All users are in the system together for all of it.
 *
 * Responses are counted by their arrival, as completions in operational analysis: to ask that requests also start in
 * that time would leave out the long ones more often than the short ones.
 *
 * @returns by repetition; undefined if one of them has no such part: times are not known, the users were never
 *   together, or fewer than `MIN_RESPONSES_PER_USER` responses per user arrived in it
 * @see Denning and Buzen 1978, ACM Computing Surveys 10(3); Law 2015, Simulation Modeling and Analysis, 9.5.1
 *
 * @example
 * ```ts
 * steadyParts([]); // undefined
 * ```
 */
export function steadyParts(clients: readonly ClientRun[]): ReadonlyMap<number, Span> | undefined {
  const repetitions = groupByRepetition(clients);
  const parts = new Map<number, Span>();
  for (const { repetition, clients: own } of repetitions) {
    const part = commonSpan(own.map((client) => responseSpan(startsOf(client), client.roundTripSeconds)));
    if (part === undefined) return undefined;
    const responses = own.reduce((sum, client) => sum + countArrivals(client, part), 0);
    if (responses < MIN_RESPONSES_PER_USER * own.length) return undefined;
    parts.set(repetition, part);
  }
  return parts.size === 0 ? undefined : parts;
}

/** Marks the requests of each client whose responses arrived in its repetition's part. */
export function markParts(
  clients: readonly ClientRun[],
  parts: ReadonlyMap<number, Span>,
): readonly ClientRun[] {
  return clients.map((client) => {
    const part = parts.get(client.repetition);
    return part === undefined ? client : client.with({ steady: arrivalsWithin(client, part) });
  });
}

/** The client with the requests that figures are made of: those of the steady part if they are marked. */
export function measuredPart(client: ClientRun): ClientRun {
  const { steady, requests } = client;
  if (steady === undefined || requests === undefined) return client;
  if (steady.from === 0 && steady.to === requests.length) return client;
  return client.withRequests(requests.slice(steady.from, steady.to));
}

/** A closed loop's responses arrive in the order of sending, so those of a part stand together. */
function arrivalsWithin(client: ClientRun, part: Span): { readonly from: number; readonly to: number } {
  const starts = startsOf(client);
  const seconds = client.roundTripSeconds;
  const isInside = (index: number) => arrivedWithin(part, starts[index] as number, seconds[index] as number);
  let from = 0;
  while (from < starts.length && !isInside(from)) from++;
  let to = from;
  while (to < starts.length && isInside(to)) to++;
  return { from, to };
}

function countArrivals(client: ClientRun, part: Span): number {
  const { from, to } = arrivalsWithin(client, part);
  return to - from;
}
