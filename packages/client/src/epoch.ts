/** Now, by the wall clock as it was when this process started: later steps of that clock have no effect. */
export function epochMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
