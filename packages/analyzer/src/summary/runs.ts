import type { ClientRun } from "../client-run.ts";
import { activeSpan, fullLoad, isWithin, type Span } from "../frames/ramp.ts";
import type { WatchedRun } from "../stats/rate-interval.ts";

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
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const startOf = (index: number) => (starts[index] as number) || 0;
  order.sort((a, b) => startOf(a) - startOf(b) || (sequences[a] as number) - (sequences[b] as number));
  return { repetition, starts, roundTripSeconds, answered, order, spans };
}

/** The round trips of each repetition of a condition in order of start, as batch means take them. */
export function roundTripRuns(clients: readonly ClientRun[]): readonly (readonly number[])[] {
  return toRuns(clients).map((run) => Array.from(inOrderOfStart(run)));
}

/** Round trips by start. */
export function inOrderOfStart({ order, roundTripSeconds }: Run): Float64Array {
  return Float64Array.from(order, (index) => roundTripSeconds[index] as number);
}

/** The same of answered frames only. */
export function answeredInOrder(run: Run): Float64Array {
  return inOrderOfStart({ ...run, order: run.order.filter((index) => run.answered[index] === 1) });
}

/** When answers came, and the time from the first request to the last answer; undefined without the frames' times. */
export function answersOf({ starts, roundTripSeconds, answered, spans }: Run): WatchedRun | undefined {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    if (span === undefined) return undefined;
    from = Math.min(from, span.fromEpochMicros);
    to = Math.max(to, span.toEpochMicros);
  }
  // Seconds from the first request on: epochs in microseconds leave fractions no digits.
  const ends = starts.map((start, index) => (start - from) / 1e6 + (roundTripSeconds[index] as number));
  return { from: 0, to: (to - from) / 1e6, events: ends.filter((_, index) => answered[index] === 1) };
}

/** Ramp-up and ramp-down are no trend; where all users were never active together, everything is taken. */
export function atFullLoad(run: Run): Float64Array {
  const { starts, roundTripSeconds, spans } = run;
  const time = fullLoad(spans);
  if (time === undefined) return inOrderOfStart(run);
  const order = run.order.filter((index) =>
    isWithin(time, starts[index] as number, roundTripSeconds[index] as number),
  );
  return inOrderOfStart({ ...run, order });
}
