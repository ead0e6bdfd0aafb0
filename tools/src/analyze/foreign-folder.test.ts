import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportFigures } from "@slbench/analyzer";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { packResult } from "../pack/pack.ts";
import { verifyArchive } from "../pack/verify.ts";
import { writePlots } from "./extras.ts";
import { readResultFolder } from "./read-result.ts";
import { analyzeResultFolder } from "./write-result.ts";

const SAMPLE = (user: number) =>
  `<sample t="5" ts="1700000000000" s="true" lb="x" rc="0" tn="127.0.0.1-U 1-${user}" by="1"><responseData class="java.lang.String">Elapsed ML time in the handler: \n[&apos;0.05&apos;]\nElapsed total time in the handler: \n[&apos;0.06&apos;]\nElapsed round trip time in the client: \n[0.07]\n</responseData></sample>`;
const CELL = "cells/u02-t0-r1";

const work = mkdtempSync(join(tmpdir(), "slbench-foreign-"));
const good = join(work, "good");
beforeAll(() => {
  mkdirSync(join(good, CELL), { recursive: true });
  writeFileSync(join(good, "run.json"), JSON.stringify({ schema: "slbench.run/2", cells: [] }));
  writeFileSync(
    join(good, CELL, "cell.json"),
    JSON.stringify({ users: 2, thinkTimeSeconds: 0, repetition: 1 }),
  );
  writeFileSync(
    join(good, CELL, "samples.xml"),
    `<testResults version="1.2">${SAMPLE(1)}${SAMPLE(2)}</testResults>`,
  );
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

let count = 0;
function copy(): { readonly folder: string; readonly victim: string } {
  const place = join(work, String(++count));
  const folder = join(place, "result");
  cpSync(good, folder, { recursive: true });
  writeFileSync(join(place, "victim"), SAMPLE(1));
  return { folder, victim: join(place, "victim") };
}

const OUTPUTS = ["summary.json", "summary.md", "requests.csv", "report.html", "analysis.json", "junit.xml"];

describe("an untrusted result folder", () => {
  test.each(OUTPUTS)("is rejected without writing if %s is a link out of it", async (name) => {
    const { folder, victim } = copy();
    for (const target of [victim, join(victim, "..", "new"), "/dev/full", join(victim, "..")]) {
      symlinkSync(target, join(folder, name));
      await expect(analyzeResultFolder(folder)).rejects.toMatchObject({ code: "FILE_LINK" });
      rmSync(join(folder, name));
    }
    expect(readFileSync(victim, "utf8")).toBe(SAMPLE(1));
    expect(readdirSync(join(folder, "..")).sort()).toEqual(["result", "victim"]);
  });

  test.each(OUTPUTS.slice(0, -1))("keeps its log if %s is a link to it", async (name) => {
    const { folder } = copy();
    const log = readFileSync(join(folder, CELL, "samples.xml"), "utf8");
    symlinkSync(join(CELL, "samples.xml"), join(folder, name));
    await analyzeResultFolder(folder);
    expect(lstatSync(join(folder, name)).isFile()).toBe(true);
    expect(readFileSync(join(folder, CELL, "samples.xml"), "utf8")).toBe(log);
  });

  test.each([
    "run.json",
    `${CELL}/samples.xml`,
    `${CELL}/samples.csv`,
    `${CELL}/recovered.jsonl`,
    `${CELL}/cell.json`,
  ])("is rejected by every command if %s is a link out of it or a pipe", async (name) => {
    const { folder, victim } = copy();
    rmSync(join(folder, name), { force: true });
    symlinkSync(victim, join(folder, name));
    const linked = { code: "FILE_LINK", exitCode: 2 };
    await expect(readResultFolder(folder)).rejects.toMatchObject(linked);
    await expect(packResult(folder, join(folder, "..", "x.tgz"))).rejects.toMatchObject(linked);
    rmSync(join(folder, name));
    execFileSync("mkfifo", [join(folder, name)]);
    await expect(readResultFolder(folder)).rejects.toMatchObject({ code: "FILE_SPECIAL" });
  });

  it("is rejected if journals or plots link to another folder", async () => {
    const { folder, victim } = copy();
    const analysis = await readResultFolder(folder);
    symlinkSync(join(victim, ".."), join(folder, CELL, "journals"));
    await expect(readResultFolder(folder)).rejects.toMatchObject({ code: "FILE_LINK" });
    symlinkSync(join(victim, ".."), join(folder, "plots"));
    await expect(writePlots(reportFigures(analysis).figures, folder, "svg")).rejects.toMatchObject({
      code: "FILE_LINK",
    });
    expect(readdirSync(join(folder, "..")).sort()).toEqual(["result", "victim"]);
  });
});

describe("verifyArchive()", () => {
  it("finds unlisted, doubly listed and missing files", async () => {
    const { folder } = copy();
    const archive = await packResult(folder, join(folder, "..", "good.tgz"));
    expect(await verifyArchive(archive)).toMatchObject({ faults: [], differences: [] });
    execFileSync("tar", ["xzf", archive], { cwd: join(folder, "..") });
    const root = join(folder, "..", "result");
    const sums = join(root, "SHA256SUMS");
    writeFileSync(join(root, "result", "extra.txt"), "x");
    const [first] = readFileSync(sums, "utf8").split("\n");
    writeFileSync(
      sums,
      `${readFileSync(sums, "utf8")}${first}\nnonsense\n${"0".repeat(64)}  result/gone\n${"0".repeat(64)}  ../victim\n`,
    );
    execFileSync("tar", ["czf", "bad.tgz", "--exclude=./run.json", "--exclude=result/cells/u02*", "result"], {
      cwd: join(folder, ".."),
    });
    const { faults } = await verifyArchive(join(folder, "..", "bad.tgz"));
    expect(faults).toEqual(
      expect.arrayContaining([
        "result/extra.txt is not listed in SHA256SUMS",
        "README.md is listed twice in SHA256SUMS",
        expect.stringMatching(/^SHA256SUMS, line \d+ is not a hash and a name$/),
        "result/gone is missing",
        "../victim is missing",
      ]),
    );
  });

  it("stops the analysis at the time limit", async () => {
    const { folder } = copy();
    const archive = await packResult(folder, join(folder, "..", "good.tgz"));
    const { remakeResults } = await import("../pack/remake.ts");
    await expect(remakeResults({ folder, into: work, rules: { thresholds: [] } }, 0)).rejects.toMatchObject({
      code: "FILE_OVER_LIMIT",
      message: expect.stringContaining("--max-time"),
    });
    expect(archive).toContain("good.tgz");
  });
});

const canMount = (() => {
  const probe = mkdtempSync(join(tmpdir(), "slbench-mount-"));
  const mounted =
    spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "-o", "size=4k", "x", probe]).status === 0;
  rmSync(probe, { recursive: true });
  if (!mounted) process.stderr.write("skipped: a full disk needs root that may mount a tmpfs\n");
  return mounted;
})();

it.skipIf(!canMount)(
  "a full or read-only disk gives one message and exit code 3, and keeps earlier files",
  () => {
    const { folder } = copy();
    const main = new URL("../main.ts", import.meta.url).pathname;
    const place = join(folder, "..", "mounted");
    mkdirSync(place);
    const script = `
    mount -t tmpfs -o size=64k x "$1" && cp -r "$2" "$1/r" && echo earlier > "$1/r/report.html" || exit 99
    cat /dev/zero > "$1/fill"; truncate -s -8K "$1/fill" # leaves room for the first files only
    shift 2
    "$@"; echo "full: $?"; cat "$0/r/report.html"; ls -A "$0/r"
    mount -o remount,ro,size=8m "$0"; "$@"; echo "read-only: $?"`;
    const { stdout, stderr } = spawnSync(
      "unshare",
      [
        "-m",
        "sh",
        "-c",
        script,
        place,
        place,
        folder,
        process.execPath,
        "--conditions=@slbench/source",
        main,
        "analyze",
        join(place, "r"),
      ],
      { encoding: "utf8", timeout: 120_000 },
    );
    expect(stdout).toMatch(/full: 3\nearlier\n/);
    expect(stdout).toContain("read-only: 3");
    expect(stdout).not.toContain(".new");
    expect(stderr).toMatch(/slbench: cannot write \S+: the disk is full \(ENOSPC\)\n {2}Next: /);
    expect(stderr).toMatch(/slbench: cannot write \S+: the file system is read-only \(EROFS\)\n {2}Next: /);
    expect(stderr).not.toContain("    at ");
  },
  150_000,
);
