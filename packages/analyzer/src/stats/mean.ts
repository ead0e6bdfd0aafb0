/** Arithmetic mean with Neumaier's compensated sum, of values that need not be kept. */
export class RunningMean {
  #sum = 0;
  #lost = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    const next = this.#sum + value;
    this.#lost +=
      Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    this.#sum = next;
    this.#count++;
  }

  /** Undefined for no values. */
  get mean(): number | undefined {
    return this.#count === 0 ? undefined : (this.#sum + this.#lost) / this.#count;
  }
}

/**
 * Arithmetic mean with Neumaier's compensated sum; undefined for no values.
 *
 * @example
 * ```ts
 * mean([1, 2, 6]); // 3
 * ```
 */
export function mean(values: ArrayLike<number>): number | undefined {
  const running = new RunningMean();
  for (let index = 0; index < values.length; index++) running.add(values[index] as number);
  return running.mean;
}
