/** Longest pause before slbench tries again to start a replica. */
const MAX_PAUSE_SECONDS = 30;

/** Pauses between failed attempts: 1 s, then twice as long each time, up to 30 s. */
export interface RetryPause {
  /** Seconds until the next attempt. */
  next(): number;
  /** Call after a success. */
  reset(): void;
}

export function createRetryPause(): RetryPause {
  let seconds = 1;
  return {
    next() {
      const now = seconds;
      seconds = Math.min(MAX_PAUSE_SECONDS, seconds * 2);
      return now;
    },
    reset() {
      seconds = 1;
    },
  };
}
