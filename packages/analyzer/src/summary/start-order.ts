/**
 * Indices of frames by start, those that began at once by their sequence number, then as they stand.
 * @param starts NaN: not known, as if it were 0
 */
export function startOrder(starts: Float64Array, sequences: ArrayLike<number>): Uint32Array {
  const count = starts.length;
  const startOf = (index: number) => (starts[index] as number) || 0;
  const compare = (a: number, b: number) =>
    startOf(a) - startOf(b) || (sequences[a] as number) - (sequences[b] as number) || a - b;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let isWhole = true;
  for (let index = 0; index < count; index++) {
    isWhole &&= Number.isInteger(startOf(index));
    least = Math.min(least, startOf(index));
    most = Math.max(most, startOf(index));
  }
  const order = new Uint32Array(count);
  // Start and index in one number where it holds both exactly: sorted without a comparison of ours, and in place.
  const isPacked = isWhole && (most - least + 1) * count <= Number.MAX_SAFE_INTEGER;
  if (!isPacked) return order.map((_, index) => index).sort(compare);
  const keys = starts.map((_, index) => (startOf(index) - least) * count + index).sort();
  for (let at = 0; at < count; at++) order[at] = (keys[at] as number) % count;
  for (let from = 0; from < count; ) {
    let to = from + 1;
    while (to < count && startOf(order[to] as number) === startOf(order[from] as number)) to++;
    if (to > from + 1) order.subarray(from, to).sort(compare);
    from = to;
  }
  return order;
}
