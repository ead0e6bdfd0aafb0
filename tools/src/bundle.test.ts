import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

interface BundleOptions {
  readonly folder: string;
  readonly manifest?: { readonly dependencies: Readonly<Record<string, string>> };
}

const script = new URL("../scripts/bundle.mjs", import.meta.url).href;
const { makeBundle } = (await import(script)) as {
  makeBundle(options: BundleOptions): Promise<readonly string[]>;
};

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slbench-bundle-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("has a file for each module that runs as a process or a thread, and nothing of an earlier bundle", async () => {
  writeFileSync(join(folder, "run-OLDHASH1.js"), "");
  const names = await makeBundle({ folder });
  expect(readdirSync(folder).sort()).toEqual([...names].sort());
  expect(names).not.toContain("run-OLDHASH1.js");
  expect(names).toEqual(
    expect.arrayContaining([
      "main.js",
      "block-worker.js",
      "guard-process.js",
      "predict-worker.js",
      "remake-worker.js",
      "report-process.js",
    ]),
  );
});

it("refuses a package that an installed slbench would not have", async () => {
  await expect(makeBundle({ folder, manifest: { dependencies: {} } })).rejects.toThrow(
    /needs luxon: add it to the dependencies in tools\/package\.json/,
  );
});
