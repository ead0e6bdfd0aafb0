import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { isPlainCsv, pageName } from "./log-report.ts";

const HEAD =
  "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes,allThreads,Latency,Connect";
/** A row per second; every tenth fails, and every fifth stands in a transaction. */
const ROWS = Array.from({ length: 60 }, (_, second) => {
  const isBad = second % 10 === 9;
  const at = 1_700_000_000_000 + 1000 * second;
  return `${at},${100 + second},home,${isBad ? 500 : 200},${isBad ? "Internal Server Error" : "OK"},Users 1-1,${!isBad},1000,${1 + Math.floor(second / 10)},90,5`;
});
const TRANSACTION =
  '1700000000000,900,buy,200,"Number of samples in transaction : 2, number of failing samples : 0",Users 1-1,true,0,1,0,0';
const LOG = `${[HEAD, ...ROWS, TRANSACTION].join("\n")}\n`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slbench-"));
  writeFileSync(join(folder, "shop.jtl"), LOG);
});
afterEach(() => rmSync(folder, { recursive: true }));

function analyze(...args: readonly string[]) {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const flags = ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"];
  return spawnSync(process.execPath, [...flags, main, "analyze", ...args], {
    ...{ encoding: "utf8", cwd: folder, timeout: 60_000 },
  });
}
const page = (name = "shop.report.html") => readFileSync(join(folder, name), "utf8");

describe("slbench analyze LOG", () => {
  it("writes a page of the log into the current folder, with errors, labels, transactions and figures", () => {
    const { stdout, status } = analyze("shop.jtl");
    expect(status).toBe(0);
    expect(stdout).toContain("Report: shop.report.html\n");
    const html = page();
    for (const words of [
      "<h1>What does shop.jtl show?</h1>",
      "10.0% errors",
      "2023-11-14 22:13:20 UTC",
      "500 Internal Server Error: 6 (100% of the errors), home (6)",
      "No limits set",
      'id="transactions"',
      "Response time against active threads",
      "Percentiles of the response time",
      "JMeter's dashboard",
    ])
      expect(html, words).toContain(words);
  });

  it("judges thresholds in the page, and its command repeats them", () => {
    const { status } = analyze(
      "shop.jtl",
      "--threshold",
      "label(home).p95<100ms",
      "--threshold",
      "errors<50%",
    );
    expect(status).toBe(4);
    const html = page();
    expect(html).toContain("1 of 2 thresholds fail");
    expect(html).toContain("Does shop.jtl keep its thresholds?");
    expect(html).toContain("slbench analyze shop.jtl --threshold 'label(home).p95&lt;100ms'");
  });

  it("writes the page where --report says, and none with --no-report or --json", () => {
    analyze("shop.jtl", "--report", "other.html");
    expect(existsSync(join(folder, "other.html"))).toBe(true);
    expect(analyze("shop.jtl", "--no-report").stdout).not.toContain("Report:");
    analyze("shop.jtl", "--json");
    expect(readdirSync(folder).sort()).toEqual(["other.html", "shop.jtl"]);
  });

  it("replaces no log, whatever its name", () => {
    writeFileSync(join(folder, "requests.csv"), LOG);
    symlinkSync("shop.jtl", join(folder, "link.html"));
    for (const [log, ...options] of [
      ["shop.jtl", "--report", "./shop.jtl"],
      ["shop.jtl", "--report", "link.html"],
      ["requests.csv", "--requests", "csv"],
      ["--cell=users=1,think=0,path=shop.jtl", "--report", "shop.jtl"],
    ] as const) {
      const { stderr, status } = analyze(log, ...options);
      expect([status, stderr]).toEqual([2, expect.stringContaining("would replace a log")]);
    }
    for (const name of ["shop.jtl", "requests.csv", "link.html"])
      expect(readFileSync(join(folder, name), "utf8")).toBe(LOG);
  });

  it("reads a log once that is named twice", () => {
    const { stdout, stderr } = analyze("shop.jtl", "*.jtl", join(folder, "shop.jtl"), "--no-report");
    expect(stdout).toMatch(/^Total without transactions\n +1 +60 /m);
    expect(stderr.match(/named twice, read once/g)).toHaveLength(2);
  });

  it("--apdex sets the limits of Apdex, or says why not", () => {
    expect(analyze("shop.jtl", "--apdex", "100ms,0.12s").status).toBe(0);
    expect(page()).toContain("satisfied up to 0.1 s, tolerating up to 0.12 s");
    expect(page()).toContain("slbench analyze shop.jtl --apdex 0.1s,0.12s");
    expect(analyze("shop.jtl", "--apdex", "1s,2s", "--json").stderr).toContain("OPTION_NOT_APPLIED: --apdex");
    for (const wrong of ["2s,1s", "1s", "1,2", "0s,1s"])
      expect(analyze("shop.jtl", "--apdex", wrong).status).toBe(2);
  });

  it("--plots writes the page's figures, or says why not", () => {
    expect(analyze("shop.jtl", "--plots", "svg").stderr).toContain("Plots: plots");
    expect(readdirSync(join(folder, "plots"))).toContain("response-times-over-time.svg");
    expect(analyze("shop.jtl", "--plots", "svg", "--json").stderr).toContain("OPTION_NOT_APPLIED: --plots");
  });

  it("--plots --width writes figures of a paper's column, without titles, in names that LaTeX takes", () => {
    expect(analyze("shop.jtl", "--plots", "svg", "--width", "85mm").status).toBe(0);
    const names = readdirSync(join(folder, "plots"));
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\.svg$/);
    const svg = readFileSync(join(folder, "plots/response-times-over-time.svg"), "utf8");
    expect(svg).toContain('<svg width="240.94pt"');
    expect(svg).not.toContain("Response times over time</text>");
    expect(analyze("shop.jtl", "--plots", "svg", "--width", "85").status).toBe(2);
  });

  it("--dashboard says why a log has none", () => {
    writeFileSync(join(folder, "packed.jtl.gz"), gzipSync(LOG));
    const { stderr, status } = analyze("packed.jtl.gz", "--dashboard");
    expect(status).toBe(0);
    expect(stderr).toContain("OPTION_NOT_APPLIED: --dashboard: JMeter's dashboard reads plain CSV only");
  });
});

test.each([
  [["logs/loadtest.jtl.gz"], "loadtest"],
  [["a.csv", "b.csv"], "logs"],
  [["-"], "stdin"],
  [["logs/*.jtl"], "logs"],
])("pageName(%j) is %s", (paths, name) => {
  expect(pageName(paths)).toBe(name);
});

test("isPlainCsv() tells CSV from XML and gzip", async () => {
  const file = join(folder, "x");
  const isPlain = (content: string | Uint8Array) => {
    writeFileSync(file, content);
    return isPlainCsv(file);
  };
  expect(await isPlain(LOG)).toBe(true);
  expect(await isPlain("<?xml version='1.0'?>")).toBe(false);
  expect(await isPlain("\ufeff<testResults>")).toBe(false);
  expect(await isPlain(gzipSync(LOG))).toBe(false);
});
