import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import * as api from "./index.ts";
import * as arrow from "./rows/arrow.ts";
import * as parquet from "./rows/parquet.ts";
import { examplesIn, hasResult, runExamples } from "./testing/examples.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const logs = here("../testdata/jtl-jmeter-5.6.3/");
const files = {
  "run.csv": readFileSync(join(logs, "distributed-ok.csv")),
  "run.xml": readFileSync(join(logs, "distributed-ok.xml")),
};

const page = examplesIn(readFileSync(here("../../../docs/api.md"), "utf8"));

test("the page has an example for each of its sections", () => {
  const sections = readFileSync(here("../../../docs/api.md"), "utf8").match(/^## /gm) ?? [];
  expect(page.length).toBeGreaterThanOrEqual(sections.length);
});

const commented = readdirSync(here("."), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.startsWith("testing"))
  .flatMap((name) =>
    examplesIn(readFileSync(here(name), "utf8"))
      .filter(hasResult)
      .map((code) => ({ name: `in a comment of ${name}`, code, head: globals(name) })),
  );

/** Exported names whose doc comment has an example with its result, over all packages that the index re-exports. */
const documented = new Set(
  [here("."), here("../../client/src")].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .flatMap((name) => [
        ...readFileSync(join(folder, name), "utf8").matchAll(
          /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:async )?(?:function\*?|const|class) (\w+)/g,
        ),
      ])
      .flatMap(([, comment = "", name = ""]) => (hasResult(comment) ? [name] : [])),
  ),
);

/** Their own file's exports and the public ones, by their names. */
function globals(name: string): string {
  const own = JSON.stringify(pathToFileURL(here(name)).href);
  return `Object.assign(globalThis, await import("@slbench/analyzer"), await import(${own}));\n`;
}

const examples = [
  ...page.map((code, index) => ({ name: `${index + 1} of docs/api.md`, code, head: "" })),
  ...commented,
  { name: "that gives something else", code: "1 + 1; // 3\n", head: "" },
];
const failures = runExamples(examples, files);

test.each(examples.slice(0, -1).map(({ name, code }, index) => [name, code, failures[index]] as const))(
  "the example %s gives the results that it shows",
  (_, code, failure) => {
    expect(hasResult(code)).toBe(true);
    expect(failure).toBeUndefined();
  },
);

test("every public function has an example with its result", () => {
  const names = Object.entries({ ...api, ...arrow, ...parquet }).flatMap(([name, value]) =>
    typeof value === "function" && name !== "SlbenchError" ? [name] : [],
  );
  const without = names.filter((name) => !documented.has(name));
  expect(without).toEqual([]);
});

test("an example that gives something else fails", () => {
  expect(failures.at(-1)).toContain("AssertionError");
});
