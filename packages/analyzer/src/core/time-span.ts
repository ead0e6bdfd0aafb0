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
    to = Math.max(to, arrivalMicros(start, roundTripSeconds[index] as number));
  }
  return { fromEpochMicros: from, toEpochMicros: to };
}

/**
 * From a client's first response to its last one.
 * @param starts epoch microseconds, NaN: not known
 * @returns undefined if a start is not known or nothing was sent
 */
export function responseSpan(
  starts: ArrayLike<number>,
  roundTripSeconds: ArrayLike<number>,
): Span | undefined {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < starts.length; index++) {
    const end = arrivalMicros(starts[index] as number, roundTripSeconds[index] as number);
    if (Number.isNaN(end)) return undefined;
    from = Math.min(from, end);
    to = Math.max(to, end);
  }
  return from <= to ? { fromEpochMicros: from, toEpochMicros: to } : undefined;
}

/** When a response arrived, epoch microseconds; NaN if the start is not known. */
export const arrivalMicros = (startEpochMicros: number, roundTripSeconds: number): number =>
  startEpochMicros + roundTripSeconds * 1e6;

/**
 * The time that all spans have in common.
 * @returns undefined if one of them is not known or there is no such time
 */
export function commonSpan(spans: readonly (Span | undefined)[]): Span | undefined {
  let from = Number.NEGATIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;
  for (const span of spans) {
    if (span === undefined) return undefined;
    from = Math.max(from, span.fromEpochMicros);
    to = Math.min(to, span.toEpochMicros);
  }
  return from < to && Number.isFinite(from) ? { fromEpochMicros: from, toEpochMicros: to } : undefined;
}

/** From the first beginning to the last end; undefined for no spans. */
export function envelope(spans: readonly Span[]): Span | undefined {
  if (spans.length === 0) return undefined;
  let fromEpochMicros = Number.POSITIVE_INFINITY;
  let toEpochMicros = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    fromEpochMicros = Math.min(fromEpochMicros, span.fromEpochMicros);
    toEpochMicros = Math.max(toEpochMicros, span.toEpochMicros);
  }
  return { fromEpochMicros, toEpochMicros };
}

/** The length of a span. */
export const spanSeconds = ({ fromEpochMicros, toEpochMicros }: Span): number =>
  (toEpochMicros - fromEpochMicros) / 1e6;

/** Whether a response arrived after the beginning of a span and not after its end; false if its start is unknown. */
export function arrivedWithin(span: Span, startEpochMicros: number, roundTripSeconds: number): boolean {
  const end = arrivalMicros(startEpochMicros, roundTripSeconds);
  return end > span.fromEpochMicros && end <= span.toEpochMicros;
}
