import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createPlainFinder, createSimdFinder, type MarkFinder, WINDOW_BYTES } from "./find-marks.ts";

it("finds the same with and without SIMD: all delimiters, line ends, quotes and zero bytes", () => {
  const byte = fc.oneof(fc.constantFrom(0, 10, 13, 34, 44, 59, 9, 255), fc.nat(255));
  const delimiter = fc.constantFrom(44, 59, 9, 124, 167, 0x2c00 + 44);
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(byte),
      delimiter,
      fc.nat(40),
      (some, more, code, from) => {
        const bytes = Uint8Array.of(...some, ...more);
        const begin = Math.min(from, bytes.length);
        const find = (finder: MarkFinder | undefined) => {
          const count = finder?.find(bytes, begin, bytes.length);
          return [...(finder?.at.subarray(0, count) ?? [])];
        };
        const marks = [0, 10, 13, 34, ...(code < 128 ? [code] : [])];
        const all = [...bytes.keys()].filter(
          (index) => index >= begin && marks.includes(bytes[index] as number),
        );
        expect(find(createPlainFinder(code))).toEqual(all);
        expect(find(createSimdFinder(code))).toEqual(all);
      },
    ),
    { numRuns: 500 },
  );
});

it("searches a whole window of marks, and does not see bytes of an earlier one", () => {
  const finder = createSimdFinder(44) as MarkFinder;
  const bytes = new Uint8Array(WINDOW_BYTES).fill(44);
  expect(finder.find(bytes, 0, WINDOW_BYTES)).toBe(WINDOW_BYTES);
  expect(finder.at[WINDOW_BYTES - 1]).toBe(WINDOW_BYTES - 1);
  expect(finder.find(bytes, 100, 103)).toBe(3);
});

it("is assembled from find-marks.wat as it is now", async () => {
  const script = new URL("../../scripts/make-marks.mjs", import.meta.url).href;
  const { makeMarks } = (await import(script)) as { makeMarks(): Promise<string> };
  const committed = readFileSync(new URL("find-marks.generated.ts", import.meta.url), "utf8");
  expect(committed, "run npm run marks -w packages/analyzer").toBe(await makeMarks());
});
