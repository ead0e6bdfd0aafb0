import { describe, expect, test } from "vitest";
import { createRandom } from "../../stats/random.ts";
import { average } from "../numeric/average.ts";
import { clientTotals } from "./client-totals.ts";

describe("clientTotals().draw()", () => {
  test.each([1, 5, 6, 7, 37])("draws each of %i requests as often as any other", (size) => {
    // The first and the last request are quick, as those of users who start one after another.
    const times = Array.from({ length: size }, (_, index) => (index === 0 || index === size - 1 ? 1 : 10));
    const { draw, whole } = clientTotals({ roundTripSeconds: times, successfulRequests: size }, 25);
    const random = createRandom(3);
    const drawn = Array.from({ length: 20_000 }, () => draw(random));
    expect(average(drawn.map((one) => one.successful.sum)) / whole.successful.sum).toBeCloseTo(1, 2);
    for (const one of drawn.slice(0, 100)) expect(one.successful.count).toBe(size);
  });
});
