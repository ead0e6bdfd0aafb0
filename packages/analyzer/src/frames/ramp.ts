import type { FrameRow } from "../frame-row.ts";

/** The time in which all users of one repetition were active, epoch microseconds. */
export interface FullLoad {
  readonly fromEpochMicros: number;
  readonly toEpochMicros: number;
}

/**
 * From the last client's first request to the first client's last answer.
 * @param clients one repetition's clients, each with its rows
 * @returns undefined where times are not known or there is no such time
 */
export function fullLoad(clients: readonly (readonly FrameRow[])[]): FullLoad | undefined {
  let from = Number.NEGATIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;
  for (const rows of clients) {
    if (rows.length === 0) continue;
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const { startEpochMicros, roundTripSeconds } of rows) {
      if (startEpochMicros === undefined) return undefined;
      first = Math.min(first, startEpochMicros);
      last = Math.max(last, startEpochMicros + roundTripSeconds * 1e6);
    }
    from = Math.max(from, first);
    to = Math.min(to, last);
  }
  return from < to && Number.isFinite(from) ? { fromEpochMicros: from, toEpochMicros: to } : undefined;
}

/** Whether a frame was on its way wholly within that time. */
export function isWithin({ fromEpochMicros, toEpochMicros }: FullLoad, row: FrameRow): boolean {
  const { startEpochMicros, roundTripSeconds } = row;
  if (startEpochMicros === undefined) return false;
  return startEpochMicros >= fromEpochMicros && startEpochMicros + roundTripSeconds * 1e6 <= toEpochMicros;
}
