import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it, test } from "vitest";
import { findLogs, readBytes } from "./inputs.ts";

const published = fileURLToPath(new URL("../../../packages/analyzer/testdata/jtl-csv", import.meta.url));
const LOG = "timeStamp,elapsed,label,responseCode,success,threadName\n1,5,GET /,200,true,Users 1-1\n";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slbench-"));
  await writeFile(join(folder, "b.csv"), LOG);
  await writeFile(join(folder, "a.jtl"), gzipSync(LOG));
  await writeFile(join(folder, "notes.txt"), "no log");
});
afterAll(() => rm(folder, { recursive: true }));

it("finds a file, a folder's logs and a pattern's matches, in a fixed order", async () => {
  const both = [join(folder, "a.jtl"), join(folder, "b.csv")];
  expect(await findLogs(join(folder, "notes.txt"))).toEqual([join(folder, "notes.txt")]);
  expect(await findLogs(folder)).toEqual(both);
  expect(await findLogs(join(folder, "*.{csv,jtl}"))).toEqual(both);
  expect(await findLogs("-")).toEqual(["-"]);
});

test.each([["none"], ["*.none"]])("findLogs(%j) throws FILE_UNREADABLE", async (name) => {
  await expect(findLogs(join(folder, name))).rejects.toMatchObject({ code: "FILE_UNREADABLE", exitCode: 2 });
});

it.skipIf(process.platform === "win32")("rejects a pipe and a device without blocking", async () => {
  const pipe = join(folder, "pipe.jtl");
  spawnSync("mkfifo", [pipe]);
  for (const path of [pipe, "/dev/zero"]) {
    const wrong = { code: "FILE_SPECIAL", exitCode: 2, hint: expect.stringContaining("slbench analyze -") };
    await expect(findLogs(path)).rejects.toMatchObject(wrong);
    await expect(readBytes(path).next()).rejects.toMatchObject(wrong);
  }
  await rm(pipe);
});

it("reads a file in chunks", async () => {
  const bytes = new Uint8Array(1_000_000).map((_, index) => index % 251);
  await writeFile(join(folder, "large"), bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of readBytes(join(folder, "large"))) chunks.push(Buffer.from(chunk));
  expect(chunks.length).toBeGreaterThan(1);
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
});

function slbench(args: readonly string[], input?: Uint8Array) {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const flags = ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"];
  return spawnSync(process.execPath, [...flags, main, "analyze", ...args], {
    input,
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
}

it("summarises a folder of CSV logs per number of threads, naming every crashed client", () => {
  const { stdout, stderr, status } = slbench([published]);
  expect(status).toBe(0);
  const rows = stdout.split("\n").map((line) => line.trim().split(/\s+/).slice(0, 3).join(" "));
  expect(rows).toContain("OS Process Sampler");
  expect(rows).toContain("9 36 0");
  expect(rows).toContain("10 20 2");
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(stderr).toContain(
    "10.75.4.82-Thread Group 1-5 ended with return code 1; JMeter recorded it as a success",
  );
  expect(stderr).toContain(
    "10.75.4.82-Thread Group 1-3 ended with return code 1; JMeter recorded it as a success",
  );
});

it("reads standard input, plain or gzip, and exits with 3 if input was skipped", async () => {
  const whole = slbench(["--json", "-"], gzipSync(LOG));
  expect(whole.status).toBe(0);
  expect(JSON.parse(whole.stdout)).toMatchObject({
    complete: true,
    cells: [],
    labels: [{ label: "GET /", threads: 1, samples: 1, errors: 0, codes: { 200: 1 } }],
  });
  const log = await readFile(join(published, "00240c3__results10Full.csv"));
  const torn = slbench(["--json", "-"], log.subarray(0, log.length - 30));
  expect(torn.status).toBe(3);
  expect(JSON.parse(torn.stdout)).toMatchObject({
    complete: false,
    labels: [{ samples: 9 }],
    skipped: [{ source: "-", position: "line 11" }],
  });
});

it("rejects a file that is not a log with one clear error", () => {
  const { stdout, stderr, status } = slbench([join(folder, "notes.txt")]);
  expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
  expect(stderr).toContain("is not a log of JMeter");
  expect(stderr).toContain("Next: ");
});
