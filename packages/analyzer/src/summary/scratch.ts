/**
 * One piece of memory for lists of a cell's times, used again for each next list: there may be millions of requests.
 * What a method returns is good until the next call.
 */
export class Scratch {
  #values: Float64Array;

  /** @param size how many values are likely; it grows where there are more */
  constructor(size: number) {
    this.#values = new Float64Array(size);
  }

  /** Room for so many values, with anything in it. */
  room(size: number): Float64Array {
    this.#grow(size, 0);
    return this.#values.subarray(0, size);
  }

  /** All values of some lists, one after the other. */
  gather(lists: Iterable<ArrayLike<number>>): Float64Array {
    let count = 0;
    for (const list of lists) {
      this.#grow(count + list.length, count);
      this.#values.set(list, count);
      count += list.length;
    }
    return this.#values.subarray(0, count);
  }

  /** The same, each list by itself. */
  keep(lists: readonly Iterable<number>[]): readonly Float64Array[] {
    const ends = [0];
    let count = 0;
    for (const list of lists) {
      for (const value of list) {
        if (count === this.#values.length) this.#grow(count + 1, count);
        this.#values[count++] = value;
      }
      ends.push(count);
    }
    return lists.map((_, index) => this.#values.subarray(ends[index], ends[index + 1]));
  }

  #grow(needed: number, used: number): void {
    if (needed <= this.#values.length) return;
    const larger = new Float64Array(Math.max(needed, this.#values.length * 2));
    larger.set(this.#values.subarray(0, used));
    this.#values = larger;
  }
}

/** One list after the other, none of which need be kept. */
export function* each<From>(
  from: readonly From[],
  pick: (one: From) => readonly number[],
): Generator<readonly number[], void, undefined> {
  for (const one of from) yield pick(one);
}
