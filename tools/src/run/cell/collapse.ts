/** State of a running cell at one moment. */
export interface StartState {
  readonly nowMs: number;
  /** Users whose clients run. */
  readonly activeUsers: number;
  /** How late the latest start was, started or still due, against the ramp; undefined if unknown. */
  readonly lateSeconds: number | undefined;
  /** Clients whose process failed to start or was killed for lack of memory. */
  readonly failedStarts: number;
  readonly memoryAvailableBytes: number | undefined;
}

/** A start within a second of its moment is on time. */
export const LATE_SECONDS = 1;
const COLLAPSE_LATE_SECONDS = 8;
const GROWTH_SECONDS = 3;
const GROWTH_WINDOW_MS = 10_000;
const MAX_FAILED_STARTS = 5;
/** Below this the system starts to kill processes. */
const MIN_MEMORY_BYTES = 200e6;

/**
 * Watches a cell's starts and returns a reason to stop once the machine cannot hold the users: starts fall further
 * and further behind, processes fail to start, or memory runs out.
 */
export function createCollapseJudge(users: number): (state: StartState) => string | undefined {
  const history: { readonly nowMs: number; readonly lateSeconds: number }[] = [];
  let heldUsers = 0;
  const stop = (why: string) => {
    const held =
      heldUsers > 0
        ? `up to ${heldUsers} users ran while starts were on time`
        : "not even the first starts were on time";
    return `this load generator cannot hold ${users} users: ${why}; ${held}`;
  };
  return ({ nowMs, activeUsers, lateSeconds, failedStarts, memoryAvailableBytes }) => {
    if (memoryAvailableBytes !== undefined && memoryAvailableBytes < MIN_MEMORY_BYTES) {
      return stop(`only ${Math.round(memoryAvailableBytes / 1e6)} MB of memory are left`);
    }
    if (failedStarts >= MAX_FAILED_STARTS) return stop(`${failedStarts} clients could not be started`);
    if (lateSeconds === undefined) return undefined;
    if (lateSeconds <= LATE_SECONDS && failedStarts === 0) heldUsers = Math.max(heldUsers, activeUsers);
    history.push({ nowMs, lateSeconds });
    while ((history[0]?.nowMs ?? nowMs) < nowMs - GROWTH_WINDOW_MS) history.shift();
    const before = history[0];
    const grew = before !== undefined && lateSeconds - before.lateSeconds >= GROWTH_SECONDS;
    if (lateSeconds < COLLAPSE_LATE_SECONDS || !grew) return undefined;
    return stop(`clients start ${lateSeconds.toFixed(1)} s late, and the delay grows`);
  };
}
