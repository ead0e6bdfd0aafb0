/** A ready replica, as far as requests are placed on it. */
export interface PlacedReplica {
  /** Requests that it has. */
  readonly inFlight: number;
  /** When it last became idle, or ready; seconds from any origin. */
  readonly idleSince: number;
}

/**
 * The replica that takes the next request: of those with a free slot the one with the fewest requests, of several the
 * one used last.
 * @param slots requests that a replica takes at once
 * @returns undefined if all are full
 *
 * @example
 * ```ts
 * chooseReplica([{ inFlight: 1, idleSince: 0 }, { inFlight: 0, idleSince: 5 }], 1)?.idleSince; // 5
 * ```
 */
export function chooseReplica<R extends PlacedReplica>(replicas: Iterable<R>, slots: number): R | undefined {
  let best: R | undefined;
  for (const replica of replicas) {
    if (replica.inFlight >= slots) continue;
    const isFewer = best === undefined || replica.inFlight < best.inFlight;
    const isLater = replica.inFlight === best?.inFlight && replica.idleSince > best.idleSince;
    if (isFewer || isLater) best = replica;
  }
  return best;
}

/**
 * The replicas that go first: those with the fewest requests, of several those idle longest.
 * @param count how many; none if below 1
 */
export function replicasToRemove<R extends PlacedReplica>(
  replicas: Iterable<R>,
  count: number,
): readonly R[] {
  if (count <= 0) return [];
  const order = [...replicas].sort((a, b) => a.inFlight - b.inFlight || a.idleSince - b.idleSince);
  return order.slice(0, count);
}
