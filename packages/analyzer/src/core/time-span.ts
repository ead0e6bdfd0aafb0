/** A time from one moment to another, epoch microseconds. */
export interface Span {
  readonly fromEpochMicros: number;
  readonly toEpochMicros: number;
}

/**
 * From a client's first request to its last response.
 * @param starts epoch microseconds, NaN: not known
 * @returns undefined if a start is not known
 */
export function activeSpan(starts: ArrayLike<number>, roundTripSeconds: ArrayLike<number>): Span | undefined {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < starts.length; index++) {
    const start = starts[index] as number;
    if (Number.isNaN(start)) return undefined;
    from = Math.min(from, start);
    to = Math.max(to, start + (roundTripSeconds[index] as number) * 1e6);
  }
  return { fromEpochMicros: from, toEpochMicros: to };
}

/**
 * The time in which all users of one repetition were active: from the last client's first request to the first
 * client's last response.
 * @param spans those of the repetition's clients
 * @returns undefined if times are not known or there is no such time
 */
export function fullLoad(spans: readonly (Span | undefined)[]): Span | undefined {
  let from = Number.NEGATIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;
  for (const span of spans) {
    if (span === undefined) return undefined;
    from = Math.max(from, span.fromEpochMicros);
    to = Math.min(to, span.toEpochMicros);
  }
  return from < to && Number.isFinite(from) ? { fromEpochMicros: from, toEpochMicros: to } : undefined;
}

/** Whether a request was on its way wholly within that time; false if its start is unknown. */
export function isWithin(span: Span, startEpochMicros: number, roundTripSeconds: number): boolean {
  return (
    startEpochMicros >= span.fromEpochMicros &&
    startEpochMicros + roundTripSeconds * 1e6 <= span.toEpochMicros
  );
}
