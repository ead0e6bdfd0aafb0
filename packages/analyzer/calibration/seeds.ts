/**
 * A seed for a part of the suite: the same for any number of threads, different for any two parts.
 * @param parts integers, the suite's seed first
 * @see Steele, Lea and Flood 2014, OOPSLA (splitmix's mixing of bits)
 */
export function mixSeed(...parts: readonly number[]): number {
  let state = 0;
  for (const part of parts) {
    state = (state + Math.imul(part + 1, 0x9e3779b9)) >>> 0;
    state = Math.imul(state ^ (state >>> 16), 0x85ebca6b) >>> 0;
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35) >>> 0;
    state = (state ^ (state >>> 16)) >>> 0;
  }
  return state;
}
