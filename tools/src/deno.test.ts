// The sources under Deno 2: what works there without JMeter.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { analyze } from "@slbench/analyzer";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { localRun, toLog } from "./testing/local-run.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const deno = join(root, "node_modules", ".bin", "deno");
const isInstalled = existsSync(deno);
if (!isInstalled) process.stderr.write("skipped: the sources under Deno need the npm package deno\n");

const work = mkdtempSync(join(tmpdir(), "slbench-deno-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const slbench = async (...args: readonly string[]): Promise<string> => {
  const flags = ["run", "-A", "--conditions=@slbench/source", "tools/src/main.ts"];
  const { stdout } = await execa(deno, [...flags, ...args], { cwd: root, stdin: "ignore", timeout: 80_000 });
  return stdout;
};

describe.skipIf(!isInstalled)("under Deno", () => {
  it("generates the published experiment's plans", async () => {
    expect(await slbench("generate", "examples/paper.yaml", "--out", work)).toContain("27 plans");
    expect(readdirSync(work).filter((name) => name.endsWith(".jmx"))).toHaveLength(27);
  });

  it("analyzes a CSV and an XML log", async () => {
    const logs = "packages/analyzer/testdata";
    expect(await slbench("analyze", "--no-report", `${logs}/jtl-csv/00240c3__results10Full.csv`)).toContain(
      "return code 1",
    );
    const xml = readdirSync(join(root, logs, "jtl-xml")).find((name) => /\.(xml|jtl)$/.test(name));
    expect(await slbench("analyze", "--no-report", `${logs}/jtl-xml/${xml}`)).toContain("325/333");
  });

  it("fits the model to a summary", async () => {
    const file = join(work, "summary.json");
    writeFileSync(file, JSON.stringify(analyze(localRun.map(toLog)).summary));
    expect(await slbench("model", file, "--predict", "users=1..3")).toContain("Predictions");
  });
});
