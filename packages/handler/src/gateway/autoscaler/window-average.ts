/** The average over the last seconds of a value that changes in steps. */
export interface WindowAverage {
  /** The value from now on. */
  set(atSeconds: number, value: number): void;
  /** Forgets everything before now, as if the first value came now. */
  restart(atSeconds: number): void;
  /** Average over the window, or since the start if that is shorter; the current value if no time has passed. */
  average(atSeconds: number): number;
}

/**
 * Averages over time, as Knative does (`TimedFloat64Buckets.WindowAverage` in knative/serving), but without its
 * buckets of one second.
 * @param windowSeconds length of the window
 * @example With a window of 60: 30 s at 1, then 15 s at 4, gives 2 after these 45 s.
 */
export function createWindowAverage(windowSeconds: number): WindowAverage {
  /** Steps that have begun: when, their value, and the integral up to their begin. */
  let steps: { readonly at: number; readonly value: number; readonly area: number }[] = [];
  let head = 0;

  const areaAt = (index: number, at: number): number => {
    const step = steps[index];
    return step === undefined ? 0 : step.area + step.value * (at - step.at);
  };
  return {
    set(at, value) {
      if (steps.at(-1)?.value === value) return;
      steps.push({ at, value, area: areaAt(steps.length - 1, at) });
    },
    restart(at) {
      const value = steps.at(-1)?.value ?? 0;
      steps = [{ at, value, area: 0 }];
      head = 0;
    },
    average(at) {
      const first = steps[0];
      if (first === undefined) return 0;
      const from = Math.max(first.at, at - windowSeconds);
      while (head + 1 < steps.length && (steps[head + 1]?.at ?? at) <= from) head++;
      if (head > 1000) {
        steps = steps.slice(head);
        head = 0;
      }
      if (at <= from) return steps.at(-1)?.value ?? 0;
      return (areaAt(steps.length - 1, at) - areaAt(head, from)) / (at - from);
    },
  };
}
