/**
 * Indices of requests by start, those that began at once by their sequence number, then as they stand.
 * @param starts NaN: not known, as if it were 0; overwritten
 * @param listSequences asked only if some began at once
 */
export function startOrder(starts: Float64Array, listSequences: () => ArrayLike<number>): Uint32Array {
  const count = starts.length;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let isWhole = true;
  for (let index = 0; index < count; index++) {
    const start = (starts[index] as number) || 0;
    starts[index] = start;
    isWhole &&= Number.isInteger(start);
    least = Math.min(least, start);
    most = Math.max(most, start);
  }
  const order = new Uint32Array(count);
  for (let index = 0; index < count; index++) order[index] = index;
  let sequences: ArrayLike<number> | undefined;
  const bySequence = (a: number, b: number) => {
    sequences ??= listSequences();
    return (sequences[a] as number) - (sequences[b] as number) || a - b;
  };
  // Start and index in one number if it holds both exactly: that sorts in place, without a callback.
  const isPacked = isWhole && (most - least + 1) * count <= Number.MAX_SAFE_INTEGER;
  if (!isPacked)
    return order.sort((a, b) => (starts[a] as number) - (starts[b] as number) || bySequence(a, b));
  const keys = starts;
  for (let index = 0; index < count; index++)
    keys[index] = ((starts[index] as number) - least) * count + index;
  keys.sort();
  for (let at = 0; at < count; at++) order[at] = (keys[at] as number) % count;
  const startAt = (at: number) => Math.floor((keys[at] as number) / count);
  for (let from = 0; from < count; ) {
    let to = from + 1;
    while (to < count && startAt(to) === startAt(from)) to++;
    if (to > from + 1) order.subarray(from, to).sort(bySequence);
    from = to;
  }
  return order;
}
