/** Values of one sealed block; `Float64Array` if they fit nothing narrower. */
interface Block {
  readonly values: Int32Array | Int8Array | Float64Array;
  /** A value is (base + stored) ÷ scale; 0: it stands as it is. */
  readonly scale: number;
  readonly base: number;
}

const BLOCK_BITS = 12;
const BLOCK = 1 << BLOCK_BITS;
/** Stand for absent values among whole numbers. */
const ABSENT_32 = -(2 ** 31);
const ABSENT_8 = -128;
/** Whole numbers, and times in whole microseconds: what clients write. */
const SCALES = [1, 1e6];

/**
 * Numbers in order, NaN for what is absent: 4096 at a time are packed into whatever gives back each of them exactly,
 * one number if all are the same, one byte, four or eight a value otherwise.
 */
export class NumberColumn {
  readonly #blocks: (Block | number)[] = [];
  #open = new Float64Array(16);
  #used = 0;

  get length(): number {
    return this.#blocks.length * BLOCK + this.#used;
  }

  /** @param value NaN: absent */
  push(value: number): void {
    if (this.#used === this.#open.length) {
      const larger = new Float64Array(this.#used * 2);
      larger.set(this.#open);
      this.#open = larger;
    }
    this.#open[this.#used++] = value;
    if (this.#used < BLOCK) return;
    this.#blocks.push(packed(this.#open));
    this.#used = 0;
  }

  /** Makes values absent until there are so many. */
  fillTo(length: number): void {
    while (this.length < length) this.push(Number.NaN);
  }

  /** Whether there is a value from one index to another, without the last. */
  hasValue(from: number, to: number): boolean {
    for (let index = from; index < to; index++) {
      const block = this.#blocks[index >> BLOCK_BITS];
      if (typeof block === "number" && Number.isNaN(block)) index |= BLOCK - 1;
      else if (!Number.isNaN(this.get(index))) return true;
    }
    return false;
  }

  /** @returns NaN: absent, also beyond the end */
  get(index: number): number {
    const block = this.#blocks[index >> BLOCK_BITS];
    const at = index & (BLOCK - 1);
    if (block === undefined) return index < this.length ? (this.#open[at] as number) : Number.NaN;
    if (typeof block === "number") return block;
    const { values, scale, base } = block;
    const stored = values[at] as number;
    if (scale === 0) return stored;
    const absent = values.BYTES_PER_ELEMENT === 1 ? ABSENT_8 : ABSENT_32;
    return stored === absent ? Number.NaN : (base + stored) / scale;
  }
}

function packed(values: Float64Array): Block | number {
  const first = values[0] as number;
  if (values.every((value) => Object.is(value, first))) return first;
  for (const scale of SCALES) {
    const whole = asWhole(values, scale);
    if (whole !== undefined) return whole;
  }
  return { values: values.slice(), scale: 0, base: 0 };
}

/** Distances from the first value; undefined if one of them would not come back exactly. */
function asWhole(values: Float64Array, scale: number): Block | undefined {
  const known = values.find((value) => !Number.isNaN(value)) as number;
  const base = Math.round(known * scale);
  const stored = new Int32Array(values.length);
  let small = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) {
      stored[i] = ABSENT_32;
      continue;
    }
    const step = Math.round(value * scale) - base;
    if (!(Math.abs(step) < 2 ** 31) || !Object.is((base + step) / scale, value)) return undefined;
    if (Math.abs(step) > 127) small = false;
    stored[i] = step;
  }
  if (!small) return { values: stored, scale, base };
  const bytes = Int8Array.from(stored, (step) => (step === ABSENT_32 ? ABSENT_8 : step));
  return { values: bytes, scale, base };
}
