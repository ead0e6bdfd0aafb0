import type { ClientRun } from "../client-run.ts";
import { activeSpan, fullLoad, isWithin, type Span } from "../frames/ramp.ts";
import { NumberColumn } from "../table/number-column.ts";
import { each, Scratch } from "./scratch.ts";
import { startOrder } from "./start-order.ts";

/** One repetition's requests, client by client. */
export interface Run {
  readonly repetition: number;
  /** Those that sent a request. */
  readonly clients: readonly ClientRun[];
  readonly roundTripSeconds: NumberColumn;
  /** 1: answered, 0: not, or nobody knows. */
  readonly answered: Uint8Array;
  /** Their indices by start; without times request by request through the clients, as if they had started together. */
  readonly order: Uint32Array;
  /** Of each client. */
  readonly spans: readonly (Span | undefined)[];
}

/** The requests of each repetition of a condition, by its number; none of repetitions that sent nothing. */
export function toRuns(clients: readonly ClientRun[], scratch = new Scratch(0)): readonly Run[] {
  const repetitions = new Map<number, ClientRun[]>();
  for (const client of clients) {
    if (client.sentRequests === 0) continue;
    const run = repetitions.get(client.repetition);
    if (run === undefined) repetitions.set(client.repetition, [client]);
    else run.push(client);
  }
  return [...repetitions]
    .sort(([a], [b]) => a - b)
    .map(([repetition, run]) => toRun(repetition, run, scratch));
}

function toRun(repetition: number, clients: readonly ClientRun[], scratch: Scratch): Run {
  const starts = scratch.gather(each(clients, startsOf));
  const sequences = () => new Scratch(starts.length).gather(each(clients, sequencesOf));
  const order = startOrder(starts, sequences);
  const roundTripSeconds = new NumberColumn();
  const answered = new Uint8Array(order.length);
  let at = 0;
  const spans = clients.map((client) => {
    const { requests, sentRequests } = client;
    const times = client.roundTripSeconds;
    for (const time of times) roundTripSeconds.push(time);
    for (let index = 0; index < sentRequests; index++)
      // In the older text form it is known only where all of them were.
      answered[at + index] = Number(
        requests === undefined
          ? client.successfulRoundTripSeconds !== undefined
          : requests.outcome(index) === "ok",
      );
    at += sentRequests;
    return activeSpan(startsOf(client), times);
  });
  return { repetition, clients, roundTripSeconds, answered, order, spans };
}

/** A client's starts, epoch microseconds; NaN in the older text form, which has none. */
function startsOf({ requests, sentRequests }: ClientRun): readonly number[] {
  return requests?.numbers("startEpochMicros") ?? new Array(sentRequests).fill(Number.NaN);
}

function sequencesOf({ requests, sentRequests }: ClientRun): readonly number[] {
  return requests?.numbers("sequence") ?? Array.from({ length: sentRequests }, (_, index) => index + 1);
}

/** The round trips of each repetition of a condition in order of start, as batch means take them. */
export function roundTripRuns(clients: readonly ClientRun[]): readonly (readonly number[])[] {
  return toRuns(clients).map((run) => [...inOrderOfStart(run)]);
}

/** Round trips by start. */
export function* inOrderOfStart(
  { order, roundTripSeconds }: Run,
  isWanted: (index: number) => boolean = () => true,
): Generator<number, void, undefined> {
  for (const index of order) if (isWanted(index)) yield roundTripSeconds.get(index);
}

/** The same of answered requests only. */
export function successfulInOrder(run: Run): Iterable<number> {
  return inOrderOfStart(run, (index) => run.answered[index] === 1);
}

/** Ramp-up and ramp-down are no trend; where all users were never active together, everything is taken. */
export function atFullLoad(run: Run): Iterable<number> {
  const time = fullLoad(run.spans);
  if (time === undefined) return inOrderOfStart(run);
  const within = new Uint8Array(run.order.length);
  for (const [index, start] of startsOfAll(run))
    within[index] = Number(isWithin(time, start, run.roundTripSeconds.get(index)));
  return inOrderOfStart(run, (index) => within[index] === 1);
}

/** From the first request to the last answer; undefined without the requests' times. */
export function wholeSpan({ spans }: Run): Span | undefined {
  let fromEpochMicros = Number.POSITIVE_INFINITY;
  let toEpochMicros = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    if (span === undefined) return undefined;
    fromEpochMicros = Math.min(fromEpochMicros, span.fromEpochMicros);
    toEpochMicros = Math.max(toEpochMicros, span.toEpochMicros);
  }
  return { fromEpochMicros, toEpochMicros };
}

/** When answers came, seconds after a moment: epochs in microseconds leave fractions of one no digits. */
export function* answersAfter(run: Run, epochMicros: number): Generator<number, void, undefined> {
  for (const [index, start] of startsOfAll(run))
    if (run.answered[index] === 1) yield (start - epochMicros) / 1e6 + run.roundTripSeconds.get(index);
}

/** Each request's index and start, client by client. */
function* startsOfAll({ clients }: Run): Generator<readonly [number, number], void, undefined> {
  let index = 0;
  for (const client of clients) for (const start of startsOf(client)) yield [index++, start];
}
