/** Now, on the wall clock as it stood when this process began: later steps of that clock do not show. */
export function epochMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
