/** Picks at most `most` values, evenly spaced in their order, including the first and the last. */
export function spread<T>(values: readonly T[], most: number): readonly T[] {
  if (values.length <= most) return values;
  return Array.from(
    { length: most },
    (_, index) => values[Math.round((index * (values.length - 1)) / (most - 1))] as T,
  );
}

/** Picks at most `most` numbers, at about equal ratios, including the least and the most. */
export function spreadByRatio(ascending: readonly number[], most: number): readonly number[] {
  const [least = 1, greatest = 1] = [ascending[0], ascending.at(-1)];
  if (ascending.length <= most) return ascending;
  const places = Array.from(
    { length: most },
    (_, index) => least * (greatest / least) ** (index / (most - 1)),
  );
  const nearest = (wanted: number) =>
    ascending.reduce((a, b) => (Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a));
  return [...new Set(places.map(nearest))];
}
