import type { ClientRun } from "../clients/client-run.ts";
import { stdev } from "../stats/stdev.ts";

/**
 * The interactive law N = X (R + Z), checked against the measurement. Each client counts over its own active time,
 * from its first request to its last response and one think time more (whole cycles), so clients that start or end
 * one after the other do not break it: N = Σ n (R + Z) / (active + Z) over the clients.
 *
 * @see Denning and Buzen 1978, ACM Computing Surveys 10(3)
 */
export interface InteractiveLaw {
  /** N as it was: clients with at least two timed requests. */
  readonly clients: number;
  /** N as X (R + Z) has it. */
  readonly predictedClients: number;
  /** predicted ÷ clients − 1: below 0 if clients did anything besides waiting and thinking. */
  readonly offRatio: number;
  /** Standard error of offRatio from how the pauses between requests vary (drawn think times). */
  readonly errorRatio: number;
  /** Mean pause between a response and the next request: the true think time. */
  readonly meanPauseSeconds: number;
  /** Mean number of clients active at a time, over the repetitions' spans. */
  readonly meanActiveClients: number;
}

const LAW_TOLERANCE = 0.05;

/** Whether the law is broken by more than the pauses between requests explain. */
export function isLawOff({ offRatio, errorRatio }: Pick<InteractiveLaw, "offRatio" | "errorRatio">): boolean {
  const off = Math.abs(offRatio);
  // Drawn think times need not have their mean in a short run.
  return off > LAW_TOLERANCE && off > 3 * errorRatio;
}

/** Whether clients needed time for neither waiting nor thinking. */
export const isClientBusy = (law: Pick<InteractiveLaw, "offRatio" | "errorRatio">): boolean =>
  law.offRatio < 0 && isLawOff(law);

/**
 * @returns undefined if times are not known or starts were scheduled (open loop)
 */
export function interactiveLaw(
  thinkTimeSeconds: number,
  clients: readonly ClientRun[],
): InteractiveLaw | undefined {
  if (clients.some(isScheduled)) return undefined;
  let predicted = 0;
  let counted = 0;
  let active = 0;
  let pauseCount = 0;
  let pauseSum = 0;
  const spans = new Map<number, { first: number; last: number }>();
  for (const { repetition, starts, times, first, last } of timedClients(clients)) {
    const activeSeconds = last - first;
    const busy = times.reduce((sum, seconds) => sum + seconds, 0);
    predicted += (busy + times.length * thinkTimeSeconds) / (activeSeconds + thinkTimeSeconds);
    counted++;
    active += activeSeconds;
    for (const pause of pausesBetween(starts, times)) {
      pauseCount++;
      pauseSum += pause;
    }
    const span = spans.get(repetition) ?? { first, last: first };
    spans.set(repetition, { first: Math.min(span.first, first), last: Math.max(span.last, last) });
  }
  if (counted === 0) return undefined;
  const whole = [...spans.values()].reduce((sum, span) => sum + span.last - span.first, 0);
  return {
    clients: counted,
    predictedClients: predicted,
    offRatio: predicted / counted - 1,
    errorRatio: (Math.sqrt(pauseCount) * (stdev(pausesOf(clients, pauseCount)) ?? 0)) / active,
    meanPauseSeconds: pauseSum / pauseCount,
    meanActiveClients: active / whole,
  };
}

const isScheduled = ({ requests }: ClientRun) =>
  requests?.numbers("lateSeconds").some((late) => !Number.isNaN(late)) === true;

/** Seconds of a client's requests, at least two. */
interface TimedClient {
  readonly repetition: number;
  readonly starts: readonly number[];
  readonly times: readonly number[];
  readonly first: number;
  readonly last: number;
}

/** Clients whose times say how long they were active. */
function* timedClients(clients: readonly ClientRun[]): Generator<TimedClient, void, undefined> {
  for (const { requests, repetition } of clients) {
    if (requests === undefined || requests.length < 2) continue;
    const starts = requests.numbers("startEpochMicros").map((micros) => micros / 1e6);
    const times = requests.numbers("roundTripSeconds");
    const first = starts[0] as number;
    const last = (starts.at(-1) as number) + (times.at(-1) as number);
    // A clock that went back leaves no time: the clients' clock has its own warning.
    if (last - first > 0) yield { repetition, starts, times, first, last };
  }
}

/** From each response to the next request. */
function* pausesBetween(
  starts: readonly number[],
  times: readonly number[],
): Generator<number, void, undefined> {
  for (let index = 1; index < times.length; index++)
    yield (starts[index] as number) - (starts[index - 1] as number) - (times[index - 1] as number);
}

/** All pauses; there may be millions. */
function pausesOf(clients: readonly ClientRun[], count: number): Float64Array {
  const pauses = new Float64Array(count);
  let index = 0;
  for (const { starts, times } of timedClients(clients))
    for (const pause of pausesBetween(starts, times)) pauses[index++] = pause;
  return pauses;
}
