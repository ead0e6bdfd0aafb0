/** The highest value of the last seconds of a value that changes in steps. */
export interface SlidingMax {
  /** The value from now on. */
  set(atSeconds: number, value: number): void;
  max(atSeconds: number): number;
  /** When the maximum drops if the value stays as it is; Infinity for never. */
  dropsAt(atSeconds: number): number;
}

/**
 * @param windowSeconds a value counts until this long after it ended
 * @example With a window of 10: after 3 until second 5, then 1, the maximum is 3 before second 15, then 1.
 */
export function createSlidingMax(windowSeconds: number): SlidingMax {
  let current = 0;
  /** Values that ended, falling, and when they ended. */
  const ended: { readonly value: number; readonly at: number }[] = [];
  const forget = (at: number) => {
    while (ended[0] !== undefined && ended[0].at + windowSeconds <= at) ended.shift();
  };
  return {
    set(at, value) {
      if (value < current) {
        while ((ended.at(-1)?.value ?? Number.POSITIVE_INFINITY) <= current) ended.pop();
        ended.push({ value: current, at });
      }
      current = value;
    },
    max(at) {
      forget(at);
      return Math.max(current, ended[0]?.value ?? 0);
    },
    dropsAt(at) {
      forget(at);
      const highest = ended[0];
      return highest === undefined || highest.value <= current
        ? Number.POSITIVE_INFINITY
        : highest.at + windowSeconds;
    },
  };
}
