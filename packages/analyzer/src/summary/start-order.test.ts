import fc from "fast-check";
import { expect, it } from "vitest";
import { startOrder } from "./start-order.ts";

it("startOrder() is the stable order by start, then by sequence, whatever the starts", () => {
  const micros = 1_700_000_000_000_000;
  const start = fc.oneof(
    fc.integer({ min: 0, max: 5 }).map((step) => micros + step),
    fc.integer({ min: 0, max: 2 ** 40 }).map((step) => micros + step),
    fc.constantFrom(Number.NaN, micros + 0.25, -3),
  );
  const anyStarts = fc.array(fc.tuple(start, fc.integer({ min: 1, max: 4 })), { maxLength: 60 });
  fc.assert(
    fc.property(anyStarts, fc.boolean(), (requests, known) => {
      const rows = known ? requests.filter(([at]) => !Number.isNaN(at)) : requests;
      const found = startOrder(
        Float64Array.from(rows, ([at]) => at),
        () => rows.map(([, sequence]) => sequence),
      );
      const naive = rows
        .map(([at, sequence], index) => ({ at: at || 0, sequence, index }))
        .sort((a, b) => a.at - b.at || a.sequence - b.sequence);
      expect([...found]).toEqual(naive.map(({ index }) => index));
    }),
    { numRuns: 2000 },
  );
});
