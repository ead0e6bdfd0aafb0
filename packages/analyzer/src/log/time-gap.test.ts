import fc from "fast-check";
import { expect, it, test } from "vitest";
import { TimeGapFinder } from "./time-gap.ts";

const AT = 1_700_000_000_000;
const HOUR = 3_600_000;
const finderOf = (times: readonly number[]) => {
  const finder = new TimeGapFinder();
  for (const time of times) finder.add(time, 100);
  return finder;
};

test("longest() finds the pause between two runs, whatever the order of the samples", () => {
  const runs = [0, 24 * HOUR].flatMap((from) => Array.from({ length: 1000 }, (_, n) => AT + from + 500 * n));
  for (const times of [runs, runs.toReversed()]) {
    const { fromMs = 0, toMs = 0, spanMs = 0 } = finderOf(times).longest() ?? {};
    expect(fromMs).toBeCloseTo(AT + 500_000, -4);
    expect(toMs).toBeCloseTo(AT + 24 * HOUR, -4);
    expect(spanMs).toBeCloseTo(24 * HOUR + 500_000, -4);
  }
});

it("has no pause without one, and takes no time that cannot be right for one", () => {
  expect(finderOf([]).longest()).toBeUndefined();
  expect(finderOf([AT]).longest()).toBeUndefined();
  expect(finderOf([AT, AT + 1000, 0, Number.NaN, 1e15]).longest()).toBeUndefined();
});

it("is the same if parts are joined", () => {
  const time = fc.integer({ min: 0, max: 3000 }).map((n) => AT + 7000 * n);
  fc.assert(
    fc.property(fc.array(fc.array(time, { maxLength: 800 }), { maxLength: 4 }), (parts) => {
      const joined = new TimeGapFinder();
      for (const part of parts) joined.joinData(finderOf(part).toData());
      expect(joined.longest()).toEqual(finderOf(parts.flat()).longest());
    }),
  );
});
