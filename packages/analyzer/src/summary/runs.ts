import type { ClientRun } from "../clients/client-run.ts";
import { NumberColumn } from "../columns/number-column.ts";
import { activeSpan, fullLoad, isWithin, type Span } from "../core/time-span.ts";
import { each, Scratch } from "./scratch.ts";
import { startOrder } from "./start-order.ts";

/** One repetition's frames, client by client. */
export interface Run {
  readonly repetition: number;
  /** Those that sent a frame. */
  readonly clients: readonly ClientRun[];
  readonly roundTripSeconds: NumberColumn;
  /** 1: answered, 0: not, or nobody knows. */
  readonly answered: Uint8Array;
  /** Their indices by start; without times frame by frame through the clients, as if they had started together. */
  readonly order: Uint32Array;
  /** Of each client. */
  readonly spans: readonly (Span | undefined)[];
}

/** The frames of each repetition of a condition, by its number; none of repetitions that sent nothing. */
export function toRuns(clients: readonly ClientRun[], scratch = new Scratch(0)): readonly Run[] {
  const repetitions = new Map<number, ClientRun[]>();
  for (const client of clients) {
    if (client.sentFrames === 0) continue;
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
    const { frames, sentFrames } = client;
    const times = client.roundTripSeconds;
    for (const time of times) roundTripSeconds.push(time);
    for (let index = 0; index < sentFrames; index++)
      // In the older text form it is known only where all of them were.
      answered[at + index] = Number(
        frames === undefined ? client.answeredRoundTripSeconds !== undefined : frames.outcome(index) === "ok",
      );
    at += sentFrames;
    return activeSpan(startsOf(client), times);
  });
  return { repetition, clients, roundTripSeconds, answered, order, spans };
}

/** A client's starts, epoch microseconds; NaN in the older text form, which has none. */
function startsOf({ frames, sentFrames }: ClientRun): readonly number[] {
  return frames?.numbers("startEpochMicros") ?? new Array(sentFrames).fill(Number.NaN);
}

function sequencesOf({ frames, sentFrames }: ClientRun): readonly number[] {
  return frames?.numbers("sequence") ?? Array.from({ length: sentFrames }, (_, index) => index + 1);
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

/** The same of answered frames only. */
export function answeredInOrder(run: Run): Iterable<number> {
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

/** From the first request to the last answer; undefined without the frames' times. */
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

/** Each frame's index and start, client by client. */
function* startsOfAll({ clients }: Run): Generator<readonly [number, number], void, undefined> {
  let index = 0;
  for (const client of clients) for (const start of startsOf(client)) yield [index++, start];
}
