import { expect, test } from "vitest";
import { describeClasses } from "./describe-classes.ts";

const found = (kinds: readonly string[], unit?: string) =>
  describeClasses({
    isChosen: true,
    reason: "",
    time: "roundTripSeconds",
    ...(unit !== undefined && { unit }),
    classes: [
      { name: "fast", kinds, share: 0.75, demandSeconds: 0.2 },
      { name: "slow", kinds: ["x"], share: 0.25, demandSeconds: 0.8 },
    ],
  })[0];

test.each([
  [["a.jpg"], undefined, "a.jpg"],
  [["a", "b", "c", "d", "e"], undefined, "5 payloads"],
  [["1", "2", "40"], "faces", "1, 2, 40 faces"],
  [["1", "2", "3", "4", "5"], "tokens", "1, 2, 3, 4, 5 tokens"],
])("the kinds %j of the unit %s are named", (kinds, unit, named) => {
  expect(found(kinds, unit)).toBe(`fast: demand 0.2 s, 75% of the requests: ${named}`);
});
