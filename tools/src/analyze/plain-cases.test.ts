import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it, test } from "vitest";

const cases = fileURLToPath(new URL("../../../packages/analyzer/testdata/cases", import.meta.url));

function analyze(...args: readonly string[]) {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const flags = ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"];
  return spawnSync(process.execPath, [...flags, main, "analyze", "--no-report", ...args], {
    encoding: "utf8",
    cwd: cases,
    timeout: 60_000,
  });
}
const lines = (text: string) => text.split("\n").map((line) => line.trim().split(/\s+/).join(" "));

it("shows transactions as rows of their own, and a total without them", () => {
  const { stdout, status } = analyze("transactions-by-minute.csv");
  expect(status).toBe(0);
  expect(lines(stdout).slice(2, -1)).toEqual([
    "GET /x",
    "1 10 0 0.100 0.100 0.100 0.100 0.100 1.099",
    "GET /y",
    "1 10 0 0.200 0.200 0.200 0.200 0.200 1.087",
    "buy (transaction)",
    "1 10 0 0.300 0.300 0.300 0.300 0.300 1.075",
    "Total without transactions",
    "1 20 0 0.150 0.150 0.200 0.200 0.200 2.151",
  ]);
});

it("shows errors by type with share, example message and samplers", () => {
  const { stdout, status } = analyze("errors.csv");
  expect(status).toBe(0);
  expect(lines(stdout)).toContain("errors share type");
  expect(stdout).toMatch(/\d+ {2}\d+\.\d% {2}500 Internal\n +in a \(\d+\)/);
  expect(stdout).toContain("java.net.SocketTimeoutException Read timed out");
  expect(stdout).toContain("200, refused by an assertion: expected text");
});

test.each(["header-only.csv", "empty-testresults.xml"])("%s ends with no samples and exit code 3", (name) => {
  const { stdout, stderr, status } = analyze(name);
  expect([status, stdout]).toEqual([3, ""]);
  expect(stderr).toContain(`no samples in ${name}`);
});

it("reads dates by --timestamp-format and --time-zone, and refuses wrong ones before reading", () => {
  const read = analyze(
    ...["date-ddmmyyyy.csv", "--json", "--timestamp-format", "dd/MM/yyyy HH:mm:ss"],
    ...["--time-zone", "Europe/Berlin"],
  );
  expect(read.status).toBe(0);
  const { labels, warnings } = JSON.parse(read.stdout);
  expect(labels[0].throughputPerSecond).toBeCloseTo(3 / 2.3, 6);
  expect(warnings.map(({ code }: { code: string }) => code)).toEqual(["TIME_ZONE_USED"]);
  expect(analyze("missing.csv", "--time-zone", "Nowhere")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('"Nowhere" is no time zone'),
  });
});

test.each([
  ["label(GET /x).p95<150ms", 0, "pass"],
  ["label(GET /x).p95<50ms", 4, "FAIL"],
  ["label(buy).mean<1s", 0, "pass"],
  ["errors<1%", 0, "pass"],
  ["throughput>100", 4, "FAIL"],
  ["label(missing).p95<1s", 4, "FAIL"],
  ["handlerSeconds.mean<1s", 4, "FAIL"],
])("checks the threshold %s against labels or all samples", (rule, status, word) => {
  const run = analyze("transactions-by-minute.csv", "--threshold", rule.replace("GET /x", '"GET /x"'));
  expect([run.status, run.stderr]).toEqual([status, ""]);
  expect(run.stdout).toContain(word);
});

it("estimates quantiles as JMeter's dashboard with --quantiles jmeter, in labels and groups", () => {
  // 20 samples of 100 to 119 ms: place 21 × 0.95 = 19.95 instead of 1 + 19 × 0.95 = 19.05.
  const p95 = (...more: string[]) =>
    JSON.parse(analyze("sep-line.csv", "--json", ...more).stdout).labels[0].elapsedSeconds.p95;
  expect(p95()).toBeCloseTo(0.11805, 9);
  expect(p95("--quantiles", "jmeter")).toBeCloseTo(0.11895, 9);
  const grouped = analyze("sep-line.csv", "--json", "--quantiles", "jmeter", "--percentiles", "95");
  expect(JSON.parse(grouped.stdout).sampleGroups.rows[0].percentilesSeconds.p95).toBeCloseTo(0.11895, 9);
  expect(analyze("sep-line.csv", "--quantiles", "jmeter").stdout).toContain("place (n + 1) p");
});
