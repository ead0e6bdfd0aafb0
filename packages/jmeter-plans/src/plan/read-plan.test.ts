// biome-ignore-all lint/suspicious/noTemplateCurlyInString: JMeter writes its variables and functions like that
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type PlanOptions, readPlan, renderPlan, SlbenchError } from "../index.ts";

/** Text that XML can hold, with much of what JMeter, XML or a shell would take for something else. */
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom(..."$", "{", "}", "\\", ",", '"', "&", "<", "'", "a", " ", "\n", "\t", "é", "😀"),
  }),
  fc.string({ unit: "grapheme" }).filter((value) => !/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(value)),
  fc.constantFrom("${__P(a,b)}", "\\${x}", "${__char(36)}{x}", "a\\\\b", "&#10;&amp;", "]]>"),
);
const amount = fc.integer({ min: 1, max: 100_000 });
const seconds = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 100, noNaN: true }));

const always = {
  ...{ name: text, users: amount, workers: fc.integer({ min: 1, max: 50 }), timeoutSeconds: seconds },
  ...{ seed: amount, client: text, request: text, resultXml: text, resultCsv: text },
};
const sometimes = {
  ...{
    thinkTime: fc.constantFrom("0", "1.5", "exponential:1", "uniform:0.5..1.5", "idle:60/10"),
    payloads: text,
  },
  ...{
    ratePerSecond: seconds,
    process: fc.constantFrom("poisson", "constant", "bursts:20/60", "bursts:7/10/2.5"),
    requestsPerUser: amount,
  },
  ...{ durationSeconds: seconds, startRatePerSecond: fc.double({ min: 0.001, max: 1000, noNaN: true }) },
  ...{ verify: fc.constant(true as const), journalFolder: text, responseFolder: text, directory: text },
  platform: fc.constantFrom("posix", "windows"),
};
const anyPlan: fc.Arbitrary<PlanOptions> = fc.record(
  { ...always, ...sometimes },
  { requiredKeys: Object.keys(always) as (keyof typeof always)[] },
) as fc.Arbitrary<PlanOptions>;

test("readPlan() returns the options passed to renderPlan()", () => {
  fc.assert(
    fc.property(anyPlan, (options) => {
      expect(readPlan(renderPlan(options))).toEqual(options);
    }),
    { numRuns: 300 },
  );
});

const file = (name: string) => readFileSync(new URL(`../../testdata/${name}`, import.meta.url), "utf8");
const ours = file("two-workers.jmx");

test("readPlan() reads a plan saved by JMeter's window", () => {
  const saved = file("two-workers.saved-by-jmeter-5.6.3.jmx");
  expect(saved).not.toBe(ours);
  expect(readPlan(saved)).toEqual(readPlan(ours));
});

test("readPlan() returns the new value of a variable changed by hand", () => {
  const changed = ours.replace(
    '<stringProp name="Argument.value">7<',
    '<stringProp name="Argument.value">9<',
  );
  expect(readPlan(changed)).toEqual({ ...readPlan(ours), users: 9 });
});

test.each<[name: string, jmx: string, reason: RegExp]>([
  ["no XML", "hello", /not a JMeter plan/],
  ["torn", ours.slice(0, 3000), /not a JMeter plan/],
  ["other XML", "<a/>", /not a JMeter plan/],
  ["made by hand", file("hand-made/5OneSecond.jmx"), /no variable users/],
  ["without a number", ours.replace(">7<", ">seven<"), /variable users is "seven", not a number/],
  ["another choice", file("open-loop.jmx").replace(">poisson<", ">none<"), /variable process is "none"/],
  [
    "fixed users",
    ours.replace(/(num_threads">)[^<]*/, "$17"),
    /TestPlan\/ThreadGroup\/ThreadGroup\.num_threads differs/,
  ],
  [
    "a switched-off timer",
    ours.replace('"Start in turn" enabled="true"', '"Start in turn" enabled="false"'),
    /ConstantTimer@enabled/,
  ],
  [
    "something added",
    ours.replace("<ResultCollector ", '<Summariser testname="s"/><hashTree/><ResultCollector '),
    /Summariser@/,
  ],
])("readPlan() throws PLAN_NOT_OURS: %s", (_, jmx, reason) => {
  expect(jmx).not.toBe(ours);
  expect(() => readPlan(jmx)).toThrow(SlbenchError);
  expect(() => readPlan(jmx)).toThrow(
    expect.objectContaining({ code: "PLAN_NOT_OURS", message: expect.stringMatching(reason) }),
  );
});
