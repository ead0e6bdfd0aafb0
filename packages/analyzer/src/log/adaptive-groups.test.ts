import fc from "fast-check";
import { expect, test } from "vitest";
import { AdaptiveGroups } from "./adaptive-groups.ts";

class Sum {
  total = 0;
  merge(other: Sum) {
    this.total += other.total;
  }
}
const groupsOf = (values: readonly number[], most = 8) => {
  const groups = new AdaptiveGroups(1, most, () => new Sum());
  for (const value of values) groups.at(value).total++;
  return groups;
};
const listed = (groups: AdaptiveGroups<Sum>) => [...groups].map(({ from, group }) => [from, group.total]);

test("keeps every value, in at most so many groups of one width, whatever the order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { maxLength: 300 }), (values) => {
      const groups = groupsOf(values);
      expect(groups.size).toBeLessThanOrEqual(8);
      const count = (from: number) =>
        values.filter((value) => value >= from && value < from + groups.width).length;
      for (const [from = 0, total] of listed(groups)) expect(total).toBe(count(from));
      expect(listed(groups).reduce((sum, [, total = 0]) => sum + total, 0)).toBe(values.length);
    }),
  );
});

test("merging two is like adding all values to one of the same width", () => {
  const values = fc.array(fc.integer({ min: 0, max: 1e4 }), { maxLength: 100 });
  fc.assert(
    fc.property(values, values, (some, others) => {
      const merged = groupsOf(some);
      merged.merge(groupsOf(others));
      const all = groupsOf([...some, ...others], 1e6);
      const factor = merged.width;
      expect(listed(merged)).toEqual(listed(all.coarsened(factor)));
    }),
  );
});

test("coarsened() leaves the original unchanged", () => {
  const groups = groupsOf([0, 1, 2, 5]);
  expect(listed(groups.coarsened(4))).toEqual([
    [0, 3],
    [4, 1],
  ]);
  expect(listed(groups)).toHaveLength(4);
});
