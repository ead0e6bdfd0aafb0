import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, expect, it, vi } from "vitest";
import { createTextFinder } from "./text-finder.ts";

const TEXTS = ["slbench.client-report/", "Elapsed "] as const;
const finder = createTextFinder(...TEXTS);
const WINDOW_BYTES = 1 << 15;

afterEach(() => void vi.unstubAllGlobals());

it("finds what Buffer's search finds, parts of texts and leftovers of other bytes included", () => {
  const part = fc
    .tuple(fc.constantFrom(...TEXTS), fc.nat(22), fc.nat(22))
    .map(([text, from, to]) => text.slice(from, to));
  const bytes = fc
    .array(fc.oneof(part, fc.string({ maxLength: 40 }), fc.constantFrom(...TEXTS, "s", "/", "E", " ")), {
      maxLength: 12,
    })
    .map((parts) => Buffer.from(parts.join("")));
  let found = 0;
  fc.assert(
    fc.property(bytes, (data) => {
      const holds = TEXTS.some((text) => data.includes(text));
      if (holds) found++;
      expect(finder(data)).toBe(holds);
    }),
    { numRuns: 5000 },
  );
  expect(found).toBeGreaterThan(500);
});

it.each(TEXTS)("finds %j at every place around the end of a window", (text) => {
  for (let at = WINDOW_BYTES - 40; at < WINDOW_BYTES + 40; at++) {
    const data = Buffer.alloc(2 * WINDOW_BYTES + 100, "x");
    expect(finder(data)).toBe(false);
    data.write(text, at);
    expect(finder(data)).toBe(true);
    // Nothing behind the last byte counts.
    expect(finder(data.subarray(0, at + text.length))).toBe(true);
    expect(finder(data.subarray(0, at + text.length - 1))).toBe(false);
  }
});

it("finds texts of one byte", () => {
  const letters = createTextFinder("a", "b");
  expect(["", "x", "xa", "b", "xxb"].map((text) => letters(Buffer.from(text)))).toEqual([
    ...[false, false, true, true, true],
  ]);
});

it("finds the same on a runtime without WebAssembly", () => {
  vi.stubGlobal("WebAssembly", undefined);
  const slow = createTextFinder(...TEXTS);
  const texts = ["", "slbench", "x Elapsed 3 s", "{slbench.client-report/2}", "Elapse d "];
  expect(texts.map((text) => slow(Buffer.from(text)))).toEqual([false, false, true, true, false]);
});

it("is compiled from wasm/find-text.ts as it is now", async () => {
  const script = new URL("../../scripts/make-wasm.mjs", import.meta.url).href;
  const { makeWasm } = (await import(script)) as { makeWasm(name: string): Promise<string> };
  const committed = readFileSync(new URL("find-text.generated.ts", import.meta.url), "utf8");
  expect(committed, "run npm run wasm -w packages/analyzer").toBe(await makeWasm("find-text"));
});
