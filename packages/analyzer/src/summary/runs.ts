import type { ClientRun } from "../client-run.ts";
import { activeSpan, fullLoad, isWithin, type Span } from "../frames/ramp.ts";
import { startOrder } from "./start-order.ts";

/** One repetition's frames, client by client, in columns. */
export interface Run {
  readonly repetition: number;
  /** Epoch microseconds, NaN: not known. */
  readonly starts: Float64Array;
  readonly roundTripSeconds: Float64Array;
  /** 1: answered, 0: not, or nobody knows. */
  readonly answered: Uint8Array;
  /** Their indices by start; without times frame by frame through the clients, as if they had started together. */
  readonly order: Uint32Array;
  /** Of each client that sent a frame. */
  readonly spans: readonly (Span | undefined)[];
}

/** A client's starts, epoch microseconds; NaN in the older text form, which has none. */
export function startsOf({ frames, sentFrames }: ClientRun): readonly number[] {
  return frames?.numbers("startEpochMicros") ?? new Array(sentFrames).fill(Number.NaN);
}

/** The frames of each repetition of a condition, by its number; none of repetitions that sent nothing. */
export function toRuns(clients: readonly ClientRun[]): readonly Run[] {
  const repetitions = new Map<number, ClientRun[]>();
  for (const client of clients) {
    if (client.sentFrames === 0) continue;
    const run = repetitions.get(client.repetition);
    if (run === undefined) repetitions.set(client.repetition, [client]);
    else run.push(client);
  }
  return [...repetitions].sort(([a], [b]) => a - b).map(([repetition, run]) => toRun(repetition, run));
}

function toRun(repetition: number, clients: readonly ClientRun[]): Run {
  const count = clients.reduce((sum, client) => sum + client.sentFrames, 0);
  const starts = new Float64Array(count);
  const roundTripSeconds = new Float64Array(count);
  const sequences = new Float64Array(count);
  const answered = new Uint8Array(count);
  let at = 0;
  const spans = clients.map((client) => {
    const own = startsOf(client);
    const times = client.roundTripSeconds;
    starts.set(own, at);
    roundTripSeconds.set(times, at);
    sequences.set(client.frames?.numbers("sequence") ?? times.map((_, index) => index + 1), at);
    // In the older text form it is known only where all of them were.
    if (client.frames === undefined)
      answered.fill(Number(client.answeredRoundTripSeconds !== undefined), at, at + own.length);
    else
      for (let index = 0; index < own.length; index++)
        answered[at + index] = Number(client.frames.outcome(index) === "ok");
    at += own.length;
    return activeSpan(own, times);
  });
  const order = startOrder(starts, sequences);
  return { repetition, starts, roundTripSeconds, answered, order, spans };
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
  for (const index of order) if (isWanted(index)) yield roundTripSeconds[index] as number;
}

/** The same of answered frames only. */
export function answeredInOrder(run: Run): Iterable<number> {
  return inOrderOfStart(run, (index) => run.answered[index] === 1);
}

/** Ramp-up and ramp-down are no trend; where all users were never active together, everything is taken. */
export function atFullLoad(run: Run): Iterable<number> {
  const { starts, roundTripSeconds, spans } = run;
  const time = fullLoad(spans);
  if (time === undefined) return inOrderOfStart(run);
  return inOrderOfStart(run, (index) =>
    isWithin(time, starts[index] as number, roundTripSeconds[index] as number),
  );
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
export function* answersAfter(
  { starts, roundTripSeconds, answered }: Run,
  epochMicros: number,
): Generator<number, void, undefined> {
  for (let index = 0; index < starts.length; index++) {
    if (answered[index] === 1)
      yield ((starts[index] as number) - epochMicros) / 1e6 + (roundTripSeconds[index] as number);
  }
}
