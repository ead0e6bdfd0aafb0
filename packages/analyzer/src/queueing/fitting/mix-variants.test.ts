import { describe, expect, it } from "vitest";
import type { VariantFit } from "./fit-variant.ts";
import { claimedWeights, mixVariants } from "./mix-variants.ts";
import type { StationDraw, Variant } from "./variant.ts";

const variant = (delay: Variant["delay"]): Variant => ({
  ...{ discipline: "sharing", timeoutBehaviour: "cancelled", delay },
});
const VARIANTS = [variant("short"), variant("long")];

/** Draws that are told apart by their delay; the number of those without an upper end of the servers. */
function fit(delaySeconds: number, open = 0): VariantFit {
  const parameters = { demandSeconds: 1, servers: 4, contention: 0, delaySeconds, demandVariation: 0 };
  const draws = Array.from(
    { length: 100 },
    (_, index): StationDraw => ({
      ...{ parameters, runErrorRatio: 0.01, timeoutBehaviour: "cancelled" },
      ...(index < open && { openParameters: { ...parameters, servers: 9 } }),
    }),
  );
  return { best: draws[0] as StationDraw, draws, priorWeight: 1, leaveOneOut: [], residuals: [] };
}

const long = (draws: readonly StationDraw[]) =>
  draws.filter(({ parameters }) => parameters.delaySeconds > 0).length / draws.length;
const beyond = (draws: readonly StationDraw[]) =>
  draws.filter(({ parameters }) => parameters.servers > 4).length / draws.length;

describe("claimedWeights()", () => {
  it("claims no long delay unless its weight exceeds one half", () => {
    expect(claimedWeights(VARIANTS, [0.6, 0.4])).toEqual([1, 0]);
    expect(claimedWeights(VARIANTS, [0.4, 0.6])).toEqual([0.4, 0.6]);
  });
});

describe("mixVariants()", () => {
  it("makes predictions of short delays, and intervals of all by their weights", () => {
    const { draws, plausible } = mixVariants([fit(0), fit(0.3)], VARIANTS, [0.7, 0.3], 200);
    expect(long(draws)).toBe(0);
    expect(long(plausible)).toBeCloseTo(0.3, 2);
  });

  it("has one list if no kind of host is wider", () => {
    const { draws, plausible, serversOpen } = mixVariants([fit(0)], [variant("short")], [1], 50);
    expect(plausible).toBe(draws);
    expect(serversOpen).toBe(false);
  });

  it("gives half of the draws without an upper end of the servers more than were seen, for intervals only", () => {
    const { draws, plausible, serversOpen } = mixVariants([fit(0, 100)], [variant("short")], [1], 100);
    expect(serversOpen).toBe(true);
    expect(beyond(draws)).toBe(0);
    expect(beyond(plausible)).toBeCloseTo(0.5, 2);
  });
});
