import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeFolder, makeFolderOf, writeOut } from "./make-folder.ts";

let root: string;
let file: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "slbench-output-"));
  file = join(root, "file");
  await writeFile(file, "mine");
});
afterAll(() => rm(root, { recursive: true }));

describe("makeFolder()", () => {
  it("creates missing folders, also for concurrent callers", async () => {
    const folder = join(root, "a", "b", "c");
    expect(await Promise.all([1, 2, 3].map(() => makeFolder(folder)))).toEqual(Array(3).fill(folder));
    expect((await stat(folder)).isDirectory()).toBe(true);
    expect(await makeFolder(folder)).toBe(folder);
  });

  it("names the part of the path that is a file", async () => {
    for (const folder of [file, join(file, "x", "y")])
      await expect(makeFolder(folder)).rejects.toMatchObject({
        code: "FILE_FOLDER",
        message: `${file} is a file, not a folder`,
      });
  });

  it.skipIf(process.platform !== "linux")("returns an error if the system allows no folder", async () => {
    await expect(makeFolder("/proc/slbench/x")).rejects.toMatchObject({
      code: "FILE_FOLDER",
      message: expect.stringContaining("cannot create the folder /proc/slbench: ENOENT"),
    });
  });
});

describe("makeFolderOf()", () => {
  it("creates the folder of a file, or accepts an existing one", async () => {
    const path = join(root, "d", "new");
    expect(await makeFolderOf(path, "x")).toBe(path);
    expect(await makeFolderOf(file, "x")).toBe(file);
    expect((await stat(join(root, "d"))).isDirectory()).toBe(true);
  });

  it("rejects a folder, and a path below a file", async () => {
    const folder = join(root, "folder");
    await mkdir(folder);
    await expect(makeFolderOf(folder, "blurred.mp4")).rejects.toMatchObject({
      code: "FILE_FOLDER",
      message: `${folder} is a folder, not a file`,
      hint: expect.stringContaining(join(folder, "blurred.mp4")),
    });
    await expect(makeFolderOf(join(file, "x.mp4"), "x")).rejects.toMatchObject({ code: "FILE_FOLDER" });
  });
});

describe("writeOut()", () => {
  it("names the file and the reason", async () => {
    await expect(writeOut(file, () => writeFile(join(file, "x"), ""))).rejects.toMatchObject({
      code: "FILE_WRITE",
      message: expect.stringMatching(/^cannot write .*file: ENOTDIR/),
    });
    expect(await writeOut(file, async () => 1)).toBe(1);
  });
});
