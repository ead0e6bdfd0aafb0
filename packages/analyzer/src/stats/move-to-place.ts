/**
 * Moves the value to a place that would stand there if the values from one index to another were sorted; smaller ones
 * then stand before it, larger ones behind. None of them may be NaN.
 * @param last the last index
 * @see Hoare 1961, Communications of the ACM 4(7)
 */
export function moveToPlace(values: Float64Array, first: number, last: number, place: number): void {
  let [from, to] = [first, last];
  while (from < to) {
    const middle = medianOfThree(
      values[from] as number,
      values[(from + to) >> 1] as number,
      values[to] as number,
    );
    let [low, high] = [from, to];
    while (low <= high) {
      while ((values[low] as number) < middle) low++;
      while ((values[high] as number) > middle) high--;
      if (low > high) break;
      const swapped = values[low] as number;
      values[low++] = values[high] as number;
      values[high--] = swapped;
    }
    if (place <= high) to = high;
    else if (place >= low) from = low;
    else return;
  }
}

const medianOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
