import { expect, it } from "vitest";
import { weighVariants } from "./weigh-variants.ts";

const fit = (...leaveOneOut: readonly number[]) => ({ leaveOneOut, priorWeight: 1 });

it("gives equal fits equal weights, which add up to 1", () => {
  const [one = 0, other = 0] = weighVariants([fit(1, 2, 3), fit(1, 2, 3)], 1);
  expect(one).toBeCloseTo(0.5, 12);
  expect(one + other).toBeCloseTo(1, 12);
});

it("prefers the variant that predicts left-out cells better, less if one cell alone speaks for it", () => {
  const [everywhere = 0] = weighVariants([fit(2, 2, 2, 2), fit(1, 1, 1, 1)], 1);
  const [once = 0] = weighVariants([fit(4, 0, 0, 0), fit(0, 0, 0, 0)], 1);
  expect(everywhere).toBeGreaterThan(0.95);
  expect(once).toBeGreaterThan(0.6);
  expect(once).toBeLessThan(everywhere);
});
