import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

/** A log of another JMeter: two threads, two labels, the second of each thread fails. */
const ROWS = [0, 1].flatMap((thread) =>
  [0, 1, 2, 3].map(
    (n) =>
      `${1_700_000_000_000 + thread * 500 + n * 1000},${100 * (n + 1)},${n % 2 === 0 ? "home" : "cart"},${n === 1 ? "500,Error" : "200,OK"},T 1-${thread + 1},${n !== 1},10`,
  ),
);
const LOG = `timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes\n${ROWS.join("\n")}\n`;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slbench-"));
  await writeFile(join(folder, "web.csv"), LOG);
});
afterAll(() => rm(folder, { recursive: true }));

const analyze = (...args: readonly string[]) => analyzeFile("web.csv", ...args);

function analyzeFile(name: string, ...args: readonly string[]) {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const flags = ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"];
  return spawnSync(process.execPath, [...flags, main, "analyze", name, ...args], {
    encoding: "utf8",
    cwd: folder,
    timeout: 60_000,
  });
}
const table = (text: string) => text.split("\n").map((line) => line.trim().split(/\s+/).join(" "));

it("--percentiles sets the percentiles of the label table", () => {
  const { stdout, stderr, status } = analyze("--percentiles", "50,90");
  expect([status, stderr]).toEqual([0, ""]);
  expect(table(stdout)).toEqual([
    "cell label ok/sent mean p50 p90",
    "------- ----- ------- ----- ----- -----",
    "web.csv cart 2/4 0.300 0.300 0.400",
    "web.csv home 4/4 0.200 0.200 0.300",
    "",
  ]);
});

it("says that a filter matches nothing", () => {
  const { stdout } = analyze("--filter", "label=nowhere");
  expect(stdout).toMatch(/^Nothing matches: \d+ rows left out$/m);
});

it("--by user and --filter show the matching samples per thread and the number left out", () => {
  const { stdout, status } = analyze("--by", "user", "--percentiles", "100", "--filter", "outcome=ok");
  expect(status).toBe(0);
  expect(table(stdout).slice(0, 1)).toEqual(["2 samples left out"]);
  expect(stdout).toContain("T 1-1      3/3");
  expect(stdout).toContain("T 1-2      3/3");
});

it("--part steady keeps the time during which all threads are active", () => {
  const { summary } = { summary: JSON.parse(analyze("--json", "--part", "steady").stdout) };
  // After 0.6 s, the later first response, up to 3.4 s, the earlier last one.
  expect(summary.selection).toEqual({ part: "steady", requestsLeftOut: 3 });
  expect(summary.labels.map(({ samples }: { samples: number }) => samples)).toEqual([3, 2]);
});

it("--requests csv and arrow write one row per sample", async () => {
  expect(analyze("--requests", "csv").stderr).toBe("Requests: requests.csv (8 rows)\n");
  const [head = "", first = "", ...others] = (await readFile(join(folder, "requests.csv"), "utf8"))
    .trim()
    .split("\n");
  expect(others).toHaveLength(7);
  const names = head.split(",");
  const row = Object.fromEntries(first.split(",").map((value, index) => [names[index] as string, value]));
  expect(row).toMatchObject({ cell: "web.csv", user: "T 1-1", label: "home", outcome: "ok", status: "200" });
  expect(analyze("--requests", "arrow").stderr).toBe("Requests: requests.arrow (8 rows)\n");
  expect((await readFile(join(folder, "requests.arrow"))).subarray(0, 6).toString()).toBe("ARROW1");
});

it.each(["--quantiles type7", "--by label", "--by user", "--threshold label(home).p95<9s"])(
  "keeps a log's control characters from the terminal: %s",
  async (options) => {
    const evil = LOG.replaceAll("home", "home\u001b[2J").replaceAll("T 1-", "\u009b2J 1-");
    await writeFile(join(folder, "evil.csv"), `${evil}1700000000000,\u001b[2J,home,200,OK,T 1-1,true,10\n`);
    const { stdout, stderr } = analyzeFile("evil.csv", "--no-report", ...options.split(" "));
    expect(stderr).toContain("evil.csv, line 10");
    expect((stdout + stderr).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  },
);

it("warns on standard error and in the result if an option has no effect", () => {
  const { stdout, stderr } = analyze("--json", "--by", "payload", "--filter", "mlSeconds<1 or label=home");
  const { warnings, sampleGroups } = JSON.parse(stdout);
  expect(warnings.map(({ code }: { code: string }) => code)).toEqual([
    "OPTION_NOT_APPLIED",
    "OPTION_NOT_APPLIED",
  ]);
  expect(sampleGroups).toMatchObject({ by: "payload", rows: [{ cell: "web.csv", key: "unknown", sent: 4 }] });
  expect(stderr).toContain("mlSeconds");
  expect(stderr).toContain("--by payload");
});
