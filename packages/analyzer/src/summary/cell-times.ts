import type { ClientRun } from "../clients/client-run.ts";
import { groupByRepetition, type Repetition, spanOf, startsOf } from "../clients/repetitions.ts";
import { envelope, type Span } from "../core/time-span.ts";
import { startOrder } from "./start-order.ts";

/** One repetition's requests in order of start; without times request by request through the clients. */
export interface RunTimes extends Repetition {
  readonly roundTripSeconds: Float64Array;
  /** 1: successful, 0: not, or not known. */
  readonly isSuccessful: Uint8Array;
  /** 1: the response says that it started cold. */
  readonly isCold: Uint8Array;
  /** The steady part, else from the first request to the last response; absent without the requests' times. */
  readonly span?: Span;
}

/** The requests of one cell in typed arrays: built once, read by every statistic, changed by no statistic. */
export interface CellTimes {
  readonly clients: readonly ClientRun[];
  readonly sent: number;
  readonly successful: number;
  /** Whether each request's outcome is known: the older text form shows it only if all were successful. */
  readonly isOutcomeKnown: boolean;
  /**
   * One number per sent request, for a statistic that sorts in place and keeps none: a new array each time would be
   * collected too late with a million requests. Made when it is first needed.
   */
  readonly scratch: () => Float64Array;
  /** Repetitions in which anything was sent. */
  readonly runs: readonly RunTimes[];
}

/**
 * @param clients all of one condition, repetitions in any order
 * @param steady the part of each repetition that their requests are of; absent: the whole run
 */
export function toCellTimes(clients: readonly ClientRun[], steady?: ReadonlyMap<number, Span>): CellTimes {
  const sent = clients.reduce((sum, client) => sum + client.sentRequests, 0);
  let scratch: Float64Array | undefined;
  return {
    clients,
    sent,
    scratch: () => {
      scratch ??= new Float64Array(sent);
      return scratch;
    },
    successful: clients.reduce((sum, client) => sum + client.successfulRequests, 0),
    isOutcomeKnown: clients.every(isOutcomeKnown),
    runs: groupByRepetition(clients).map((own) => toRunTimes(own, steady?.get(own.repetition))),
  };
}

function toRunTimes({ repetition, clients }: Repetition, part?: Span): RunTimes {
  const count = clients.reduce((sum, client) => sum + client.sentRequests, 0);
  const values = gather(clients, new Float64Array(count), startsOf);
  const order = startOrder(values, () => gather(clients, new Float64Array(count), sequencesOf));
  const places = invert(order);
  const spans = clients.map(spanOf);
  const known = spans.flatMap((own) => own ?? []);
  const span = part ?? (known.length < spans.length ? undefined : envelope(known));
  // startOrder() has used up the starts: with a million requests a second array is 10 MB more at the peak.
  const roundTripSeconds = values;
  const isSuccessful = new Uint8Array(count);
  const isCold = new Uint8Array(count);
  let index = 0;
  for (const client of clients) {
    for (const [own, seconds] of client.roundTripSeconds.entries()) {
      const at = places[index++] as number;
      roundTripSeconds[at] = seconds;
      isSuccessful[at] = Number(wasSuccessful(client, own));
      isCold[at] = Number(client.requests?.isColdStart(own) === true);
    }
  }
  return {
    repetition,
    clients,
    roundTripSeconds,
    isSuccessful,
    isCold,
    ...(span !== undefined && { span }),
  };
}

/** The older text form shows which were successful only if all of them were. */
const isOutcomeKnown = (client: ClientRun) =>
  client.requests !== undefined || client.successfulRoundTripSeconds !== undefined;

function wasSuccessful(client: ClientRun, index: number): boolean {
  return client.requests === undefined ? isOutcomeKnown(client) : client.requests.outcome(index) === "ok";
}

function sequencesOf({ requests, sentRequests }: ClientRun): readonly number[] {
  return requests?.numbers("sequence") ?? Array.from({ length: sentRequests }, (_, index) => index + 1);
}

/** The lists of some clients, one after the other. @param values takes them: long enough for all */
export function gather(
  clients: readonly ClientRun[],
  values: Float64Array,
  pick: (client: ClientRun) => readonly number[],
): Float64Array {
  let at = 0;
  for (const client of clients) {
    const own = pick(client);
    values.set(own, at);
    at += own.length;
  }
  return values.subarray(0, at);
}

/** The position of each index in an order. */
function invert(order: Uint32Array): Uint32Array {
  const places = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at++) places[order[at] as number] = at;
  return places;
}

/** Arrivals of responses, seconds after a moment: epochs in microseconds leave no digits for fractions of one. */
export function* responsesAfter(
  { clients }: Repetition,
  epochMicros: number,
): Generator<number, void, undefined> {
  for (const client of clients) {
    const starts = startsOf(client);
    for (const [index, seconds] of client.roundTripSeconds.entries())
      if (wasSuccessful(client, index)) yield ((starts[index] as number) - epochMicros) / 1e6 + seconds;
  }
}
