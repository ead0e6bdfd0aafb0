import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, test } from "vitest";
import {
  checkContents,
  checkFiles,
  makeInside,
  removeInside,
  writeInside,
  writeNamed,
} from "./output-file.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-output-file-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

let root: string;
let outside: string;
let victim: string;
let count = 0;
beforeEach(() => {
  root = join(work, String(++count), "root");
  outside = join(root, "..", "outside");
  for (const folder of [root, outside]) mkdirSync(folder, { recursive: true });
  victim = join(outside, "victim");
  writeFileSync(victim, "untouched");
});
const isUntouched = () => {
  expect(readFileSync(victim, "utf8")).toBe("untouched");
  expect(readdirSync(outside)).toEqual(["victim"]);
};

describe("writeInside()", () => {
  it("writes text, bytes and chunks, creates folders, replaces files", async () => {
    const pieces = async function* () {
      yield "a";
      yield Buffer.from("b");
    };
    for (const content of ["ab", Buffer.from("ab"), ["a", "b"], pieces()]) {
      expect(await writeInside(root, "x/y/file", content)).toBe(join(root, "x/y/file"));
      expect(readFileSync(join(root, "x/y/file"), "utf8")).toBe("ab");
    }
    expect(readdirSync(join(root, "x/y"))).toEqual(["file"]);
  });

  test.each([
    ["a file outside", () => victim],
    ["nothing", () => join(outside, "new")],
    ["a full device", () => "/dev/full"],
    ["a folder outside", () => outside],
    ["itself", () => "file"],
  ])("replaces a link to %s and keeps its target", async (_name, target) => {
    symlinkSync(target(), join(root, "file"));
    await writeInside(root, "file", "new");
    expect(lstatSync(join(root, "file")).isFile()).toBe(true);
    expect(readFileSync(join(root, "file"), "utf8")).toBe("new");
    isUntouched();
  });

  it("replaces a hard link and keeps the other name's content", async () => {
    execFileSync("ln", [victim, join(root, "file")]);
    await writeInside(root, "file", "new");
    isUntouched();
  });

  it("replaces a pipe without waiting for its reader", async () => {
    execFileSync("mkfifo", [join(root, "file")]);
    await writeInside(root, "file", "new");
    expect(statSync(join(root, "file")).isFile()).toBe(true);
  });

  test.each([["plots/x.svg"], ["plots/deep/x.svg"]])("rejects a folder that is a link: %s", async (name) => {
    symlinkSync(outside, join(root, "plots"));
    await expect(writeInside(root, name, "new")).rejects.toMatchObject({ code: "FILE_LINK" });
    await expect(makeInside(root, "plots")).rejects.toMatchObject({ code: "FILE_LINK" });
    await expect(removeInside(root, "plots/victim")).rejects.toMatchObject({ code: "FILE_LINK" });
    isUntouched();
  });

  it("follows a link at the root, and rejects names that leave it", async () => {
    symlinkSync(root, join(root, "..", "named"));
    await writeInside(join(root, "..", "named"), "file", "new");
    expect(readFileSync(join(root, "file"), "utf8")).toBe("new");
    await expect(writeInside(root, "../outside/x", "new")).rejects.toThrow(RangeError);
    isUntouched();
  });

  it("keeps the earlier file and leaves no temporary file if the content fails", async () => {
    await writeInside(root, "file", "earlier");
    const failing = async function* () {
      yield "half";
      throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    };
    await expect(writeInside(root, "file", failing())).rejects.toMatchObject({
      code: "SYSTEM_ENOSPC",
      message: expect.stringMatching(/^cannot write .*file: the disk is full/),
      exitCode: 3,
    });
    expect(readFileSync(join(root, "file"), "utf8")).toBe("earlier");
    expect(readdirSync(root)).toEqual(["file"]);
  });

  it("reports a folder of the same name", async () => {
    mkdirSync(join(root, "file"));
    await expect(writeInside(root, "file", "x")).rejects.toMatchObject({
      code: expect.stringMatching(/^SYSTEM_/),
    });
    expect(readdirSync(root)).toEqual(["file"]);
  });
});

describe("writeNamed()", () => {
  it("replaces a link, and writes to a device", async () => {
    symlinkSync(victim, join(root, "out.svg"));
    await writeNamed(join(root, "out.svg"), "new");
    expect(readFileSync(join(root, "out.svg"), "utf8")).toBe("new");
    isUntouched();
    await writeNamed("/dev/null", "x");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
    await expect(writeNamed("/dev/full", "x")).rejects.toMatchObject({ code: "SYSTEM_ENOSPC" });
  });

  it("names the missing folder", async () => {
    await expect(writeNamed(join(root, "no", "x.svg"), "x")).rejects.toMatchObject({
      code: "FILE_FOLDER",
      message: `${join(root, "no")} does not exist`,
    });
  });
});

describe("removeInside()", () => {
  it("removes a link without its target", async () => {
    symlinkSync(outside, join(root, "dashboard"));
    await removeInside(root, "dashboard", { recursive: true });
    await removeInside(root, "missing");
    expect(readdirSync(root)).toEqual([]);
    isUntouched();
  });
});

describe("checkContents()", () => {
  it("accepts files, folders and links within the folder", async () => {
    await writeInside(root, "a/b", "x");
    symlinkSync("a", join(root, "folder"));
    symlinkSync("a/b", join(root, "file"));
    await checkContents(root);
    await expect(checkContents(root, "none")).rejects.toMatchObject({ code: "FILE_LINK" });
  });

  test.each([
    ["a file outside", () => victim],
    ["a folder outside", () => outside],
    ["nothing", () => "missing"],
    ["itself", () => "link"],
    ["a sibling that begins alike", () => `${root}-2`],
  ])("rejects a link to %s at any depth", async (_name, target) => {
    mkdirSync(`${root}-2`, { recursive: true });
    mkdirSync(join(root, "cells", "a"), { recursive: true });
    symlinkSync(target(), join(root, "cells", "a", "link"));
    await expect(checkContents(root)).rejects.toMatchObject({ code: "FILE_LINK", exitCode: 2 });
  });

  it("rejects a pipe, and a link to one", async () => {
    execFileSync("mkfifo", [join(root, "pipe")]);
    await expect(checkContents(root)).rejects.toMatchObject({ code: "FILE_SPECIAL" });
    await expect(checkFiles(root, ["missing", "pipe"])).rejects.toMatchObject({ code: "FILE_SPECIAL" });
    symlinkSync(victim, join(root, "summary.json"));
    await expect(checkFiles(root, ["summary.json"])).rejects.toMatchObject({ code: "FILE_LINK" });
  });
});
