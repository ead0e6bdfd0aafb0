/**
 * A time of performance.now() by the wall clock as it was when this process started: later steps of that clock have
 * no effect.
 */
export function epochMicros(atMs = performance.now()): number {
  return Math.round((performance.timeOrigin + atMs) * 1000);
}

/** Seconds in whole microseconds: more digits are noise that would double the report. */
export function wholeMicros(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
