import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

test("createTurns() runs one task at a time, in order, and continues after a failure", async () => {
  const inTurn = createTurns();
  const seen: string[] = [];
  const work = (name: string, fails = false) =>
    inTurn(async () => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work("a"), work("b", true), work("c")]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("with two places, createTurns() runs two tasks at once and begins the third when one ends", async () => {
  const inTurn = createTurns(2);
  const ends: (() => void)[] = [];
  const begun: string[] = [];
  const work = (name: string) =>
    inTurn(() => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const all = ["a", "b", "c"].map(work);
  await new Promise(setImmediate);
  expect(begun).toEqual(["a", "b"]);
  ends[1]?.();
  await all[1];
  await new Promise(setImmediate);
  expect(begun).toEqual(["a", "b", "c"]);
  for (const end of ends) end();
  await Promise.all(all);
});
