import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { examplesIn, hasResult, runExample } from "./testing/examples.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const logs = here("../testdata/jtl-jmeter-5.6.3/");
const files = {
  "run.csv": readFileSync(join(logs, "distributed-ok.csv")),
  "run.xml": readFileSync(join(logs, "distributed-ok.xml")),
};

const page = examplesIn(readFileSync(here("../../../docs/api.md"), "utf8"));

test.each(page.map((code, index) => [index + 1, code] as const))(
  "example %i of docs/api.md gives what it says",
  (_, code) => {
    expect(hasResult(code)).toBe(true);
    runExample(code, { files });
  },
);

test("the page has an example for each of its sections", () => {
  const sections = readFileSync(here("../../../docs/api.md"), "utf8").match(/^## /gm) ?? [];
  expect(page.length).toBeGreaterThanOrEqual(sections.length);
});

const commented = readdirSync(here("."), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.startsWith("testing"))
  .flatMap((name) => {
    const own = examplesIn(readFileSync(here(name), "utf8")).filter(hasResult);
    return own.length === 0 ? [] : [[name, own] as const];
  });

/** Their own file's exports and the public ones, by their names. */
const globals = (name: string) =>
  `Object.assign(globalThis, await import("@slbench/analyzer"), await import(${JSON.stringify(here(name))}));\n`;

test.each(commented)("the examples in the comments of %s give what they say", (name, examples) => {
  for (const code of examples) runExample(code, { head: globals(name) });
});

test("an example that gives something else fails", () => {
  expect(() => runExample("1 + 1; // 3\n")).toThrow();
});
