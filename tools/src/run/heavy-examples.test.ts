/**
 * The examples that need packages, set up as their READMEs say and run through JMeter. Outside CI, since they download
 * and compile for minutes: SLBENCH_HEAVY=1 runs them, and SLBENCH_HEAVY_DIR keeps what they install for the next time.
 */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examples, journalRows, resultOf, runSlbench } from "../testing/slbench.ts";

const names = readdirSync(examples).filter((name) =>
  ["package.json", "requirements.txt"].some((file) => existsSync(join(examples, name, file))),
);
const kept = process.env.SLBENCH_HEAVY_DIR;
let work = "";
beforeAll(() => {
  work = kept ?? mkdtempSync(join(tmpdir(), "slbench-heavy-"));
});
afterAll(() => {
  if (kept === undefined) rmSync(work, { recursive: true, force: true });
});

/** A load that takes seconds, whatever the example's own is. */
const SMALL_LOAD = "load: { users: [1, 2, 3], thinkTimeSeconds: 0.1, requestsPerUser: 6, repetitions: 1 }\n";
const REQUESTS = 6 + 12 + 18;

/** The commands of a README before `slbench run`. */
function setupOf(folder: string): string {
  const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(readFileSync(join(folder, "README.md"), "utf8")) ?? [];
  const lines = block.split("\n");
  return lines
    .slice(
      0,
      lines.findIndex((line) => line.startsWith("slbench run")),
    )
    .join("\n");
}

/** A copy of the example with its packages; those of an earlier run are used again. */
function prepare(name: string): string {
  const folder = join(work, name);
  mkdirSync(folder, { recursive: true });
  cpSync(join(examples, name), folder, { recursive: true });
  if (![".venv", "node_modules"].some((packages) => existsSync(join(folder, packages))))
    execFileSync("sh", ["-ec", setupOf(folder)], { cwd: folder, stdio: "inherit" });
  const file = join(folder, "experiment.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/^load:[\s\S]*/m, SMALL_LOAD));
  rmSync(join(folder, "results"), { recursive: true, force: true });
  return folder;
}

test("every README of an example with packages says how to install them", () => {
  expect(names.length).toBeGreaterThanOrEqual(5);
  for (const name of names) expect(setupOf(join(examples, name))).toMatch(/npm install|pip install/);
});

describe.skipIf(process.env.SLBENCH_HEAVY !== "1")("heavy examples (SLBENCH_HEAVY=1 runs them)", () => {
  test.each(names)(
    "%s: every response is valid, and a report and a model come of it",
    async (name) => {
      const folder = prepare(name);
      const { code, output } = await runSlbench(["run", "experiment.yaml"], folder);
      expect(output).not.toContain("✗");
      expect(code, output).toBe(0);
      const result = resultOf(folder, name);
      const rows = journalRows(result);
      expect(rows).toHaveLength(REQUESTS);
      expect(rows.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
      expect(readFileSync(join(result, "report.html"), "utf8")).toContain("<svg");
      const model = await runSlbench(["model", result, "--json"], folder);
      expect(JSON.parse(model.output).parameters.demandSeconds).toBeGreaterThan(0);
    },
    60 * 60_000,
  );
});
