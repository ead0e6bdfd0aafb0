import { Instances } from "../station/instances.ts";
import type { ModelCell, TracedRequest } from "./observation.ts";

/** A request of a run, and what it met. */
export interface ReplayedRequest {
  readonly request: TracedRequest;
  /** For how long its instance was idle, if each request has one and the one used last goes first; Infinity: a new one. */
  readonly gapSeconds: number;
  /** Requests on the host, itself included, on average from its start to its response. */
  readonly meanInService: number;
  /** Requests on the host when it started, without itself. */
  readonly found: number;
}

/** Replays each repetition of a cell; empty if starts are not known. */
export function replay({ clients }: ModelCell): readonly ReplayedRequest[] {
  const repetitions = [...new Set(clients.map(({ repetition = 1 }) => repetition))];
  return repetitions.flatMap((wanted) =>
    replayRun(
      clients.filter(({ repetition = 1 }) => repetition === wanted).flatMap(({ trace = [] }) => trace),
    ),
  );
}

const endOf = ({ startSeconds, roundTripSeconds }: TracedRequest) => startSeconds + roundTripSeconds;

function replayRun(requests: readonly TracedRequest[]): readonly ReplayedRequest[] {
  const starts = requests.toSorted((a, b) => a.startSeconds - b.startSeconds);
  const ends = requests.toSorted((a, b) => endOf(a) - endOf(b));
  const instances = new Instances();
  const integral = new InServiceIntegral();
  const met: { readonly request: TracedRequest; readonly gapSeconds: number; readonly found: number }[] = [];
  let ended = 0;
  for (const request of starts) {
    for (; endOf(ends[ended] as TracedRequest) <= request.startSeconds; ended++) {
      instances.leave(endOf(ends[ended] as TracedRequest));
      integral.step(endOf(ends[ended] as TracedRequest), -1);
    }
    const gapSeconds = instances.arrive(request.startSeconds);
    met.push({ request, gapSeconds, found: integral.now });
    integral.step(request.startSeconds, 1);
  }
  for (; ended < ends.length; ended++) integral.step(endOf(ends[ended] as TracedRequest), -1);
  return met.map((one) => {
    const { startSeconds, roundTripSeconds } = one.request;
    const area = integral.at(startSeconds + roundTripSeconds) - integral.at(startSeconds);
    return { ...one, meanInService: roundTripSeconds > 0 ? area / roundTripSeconds : one.found + 1 };
  });
}

/** The number of requests in service over time, integrated. */
class InServiceIntegral {
  readonly #times: number[] = [];
  readonly #areas: number[] = [];
  readonly #counts: number[] = [];
  now = 0;

  /** @param time not before that of the last step */
  step(time: number, change: number): void {
    this.#areas.push(this.at(time));
    this.#times.push(time);
    this.now += change;
    this.#counts.push(this.now);
  }

  /** From the beginning to a time. */
  at(time: number): number {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] as number) <= time) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    const index = low - 1;
    return (
      (this.#areas[index] as number) +
      (this.#counts[index] as number) * (time - (this.#times[index] as number))
    );
  }
}
