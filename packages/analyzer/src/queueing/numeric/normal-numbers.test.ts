import { expect, it } from "vitest";
import { drawNormal } from "../../stats/draw-normal.ts";
import { createRandom } from "../../stats/random.ts";
import { NormalNumbers } from "./normal-numbers.ts";

function drawn(seed: number, count: number): readonly number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => drawNormal(random));
}

it("has the numbers that are drawn, in any order and more than once", () => {
  const expected = drawn(7, 3000);
  for (const index of [0, 2999, 1, 1500, 2999])
    expect(NormalNumbers.of(7).at(index)).toBe(expected[index] as number);
});

it("has the numbers of each of many seeds", () => {
  for (let round = 0; round < 2; round++)
    for (let seed = 0; seed < 600; seed++)
      expect(NormalNumbers.of(seed).at(2)).toBe(drawn(seed, 3)[2] as number);
});
