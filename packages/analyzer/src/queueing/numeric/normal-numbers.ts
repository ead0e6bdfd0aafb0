import { drawNormal } from "../../stats/draw-normal.ts";
import { createRandom } from "../../stats/random.ts";

/** Enough for the runs of a prediction. 5000 numbers take 40 kB. */
const MAX_SEEDS = 256;
const known = new Map<number, NormalNumbers>();

/**
 * The standard normal numbers that follow from a seed, each drawn once: runs of different loads and stations have the
 * same seeds, and drawing would take a third of their time.
 */
export class NormalNumbers {
  readonly #random: () => number;
  #values = new Float64Array(1 << 10);
  #count = 0;

  private constructor(seed: number) {
    this.#random = createRandom(seed);
  }

  static of(seed: number): NormalNumbers {
    const kept = known.get(seed);
    if (kept !== undefined) return kept;
    if (known.size === MAX_SEEDS) known.clear();
    const made = new NormalNumbers(seed);
    known.set(seed, made);
    return made;
  }

  /** What drawNormal() returns at its call of this number, from 0 on. */
  at(index: number): number {
    while (this.#count <= index) this.#draw();
    return this.#values[index] as number;
  }

  #draw(): void {
    if (this.#count === this.#values.length) {
      const values = new Float64Array(2 * this.#count);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[this.#count++] = drawNormal(this.#random);
  }
}
