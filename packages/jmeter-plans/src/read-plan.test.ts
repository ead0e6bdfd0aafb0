import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type PlanOptions, readPlan, renderPlan } from "./index.ts";

/** Text that XML can hold, with much of what JMeter, XML or a shell would take for something else. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."$", "{", "}", "\\", ",", '"', "&", "<", "'", "a", " ", "\n", "\t", "é", "😀") }),
  fc.string({ unit: "grapheme" }).filter((value) => !/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(value)),
  fc.constantFrom("${__P(a,b)}", "\\${x}", "${__char(36)}{x}", "a\\\\b", "&#10;&amp;", "]]>"),
);
const amount = fc.integer({ min: 1, max: 100_000 });
const seconds = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 100, noNaN: true }));

export const anyPlan: fc.Arbitrary<PlanOptions> = fc.record(
  {
    name: text,
    users: amount,
    thinkTimeSeconds: seconds,
    framesPerClient: amount,
    startRatePerSecond: fc.double({ min: 0.001, max: 1000, noNaN: true }),
    slaves: fc.integer({ min: 1, max: 50 }),
    url: text,
    timeoutSeconds: seconds,
    encoding: fc.constantFrom("base64", "binary"),
    format: fc.constantFrom("json", "text", "image"),
    client: text,
    framesFolder: text,
    journalFolder: text,
    directory: text,
    platform: fc.constantFrom("posix", "windows"),
    resultXml: text,
    resultCsv: text,
  },
  {
    requiredKeys: [
      ...(["name", "users", "thinkTimeSeconds", "framesPerClient", "startRatePerSecond", "slaves", "url"] as const),
      ...(["timeoutSeconds", "encoding", "format", "client", "framesFolder", "resultXml", "resultCsv"] as const),
    ],
  },
);

test("readPlan() gives the options that renderPlan() was given", () => {
  fc.assert(
    fc.property(anyPlan, (options) => {
      expect(readPlan(renderPlan(options))).toEqual(options);
    }),
    { numRuns: 300 },
  );
});
