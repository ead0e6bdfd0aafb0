import { nextMultiple } from "./load.ts";

/** Samples of a value that changes in steps, taken at fixed times as Prometheus scrapes. */
export interface Samples {
  /** The value from now on. */
  set(atSeconds: number, value: number): void;
  /** Highest sample of the window; 0 without one. */
  max(atSeconds: number): number;
  /** Rise per second from the oldest to the newest sample of the window; 0 with fewer than two. */
  rate(atSeconds: number): number;
  /** Rise per second between the two newest samples of the window; 0 with fewer than two. */
  instantRate(atSeconds: number): number;
}

interface Sample {
  readonly at: number;
  readonly value: number;
}

/**
 * @param everySeconds samples are taken at multiples of this
 * @param windowSeconds samples older than this do not count
 */
export function createSamples(everySeconds: number, windowSeconds: number): Samples {
  let value = 0;
  let dueAt: number | undefined;
  let samples: Sample[] = [];

  const advance = (at: number): void => {
    const firstOfWindow = nextMultiple(at - windowSeconds, everySeconds) - everySeconds;
    dueAt = Math.max(dueAt ?? nextMultiple(at, everySeconds) - everySeconds, firstOfWindow);
    if (dueAt > at) return;
    for (; dueAt <= at; dueAt += everySeconds) samples.push({ at: dueAt, value });
    samples = within(at);
  };
  const within = (at: number) => samples.filter((sample) => sample.at >= at - windowSeconds);
  const read = (at: number): readonly Sample[] => {
    advance(at);
    return within(at);
  };
  return {
    set(at, next) {
      advance(at);
      value = next;
    },
    max: (at) => read(at).reduce((highest, sample) => Math.max(highest, sample.value), 0),
    rate(at) {
      const taken = read(at);
      return slope(taken[0], taken.at(-1));
    },
    instantRate(at) {
      const taken = read(at);
      return slope(taken.at(-2), taken.at(-1));
    },
  };
}

function slope(from: Sample | undefined, to: Sample | undefined): number {
  if (from === undefined || to === undefined || from.at === to.at) return 0;
  return (to.value - from.value) / (to.at - from.at);
}
