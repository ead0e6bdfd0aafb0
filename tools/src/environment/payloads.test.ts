import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseExperiment } from "@slbench/jmeter-plans";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPayloads } from "./payloads.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-payloads-"));
const quiet = { line: () => {}, warn: () => {} };
const before = process.env.SLBENCH_CACHE;
beforeAll(() => {
  process.env.SLBENCH_CACHE = join(work, "cache");
  mkdirSync(join(work, "images"));
  for (const name of ["1.jpg", "2.jpg", "notes.txt", ".hidden.jpg"])
    writeFileSync(join(work, "images", name), name);
  writeFileSync(join(work, "lines.txt"), "one\n\n  \ntwo\n");
  writeFileSync(join(work, "blank.txt"), "\n \n");
});
afterAll(() => {
  if (before === undefined) delete process.env.SLBENCH_CACHE;
  else process.env.SLBENCH_CACHE = before;
  rmSync(work, { recursive: true, force: true });
});

const find = (request: string) =>
  findPayloads(
    parseExperiment(`name: x\nfunction: http://a/\nrequest: {${request}}\nload: {users: 1}\n`, "x.yaml"),
    work,
    quiet,
  );

describe("findPayloads()", () => {
  test("takes a folder as it is, without hidden files", async () => {
    expect(await find("files: images")).toMatchObject({
      ...{ kind: "files", path: join(work, "images"), names: ["1.jpg", "2.jpg", "notes.txt"], count: 3 },
    });
  });

  test.each([
    ["a pattern", "'images/*.jpg'", ["1.jpg", "2.jpg"]],
    ["a pattern for one character", "'images/?.jpg'", ["1.jpg", "2.jpg"]],
    ["one file", "images/2.jpg", ["2.jpg"]],
  ])("copies the files of %s to a folder of their own", async (_, files, names) => {
    const { path = "", ...found } = await find(`files: ${files}`);
    expect(found.names).toEqual(names);
    expect(readdirSync(path).sort()).toEqual(names);
    expect((await find(`files: ${files}`)).path).toBe(path); // once
  });

  test("gives frames that changed another hash", async () => {
    const first = await find("frames: images");
    writeFileSync(join(work, "images", "1.jpg"), "another picture");
    const { sha256, names } = await find("frames: images");
    writeFileSync(join(work, "images", "1.jpg"), "1.jpg");
    expect(names).toEqual(["1.jpg", "2.jpg"]);
    expect(sha256).not.toBe(first.sha256);
  });

  test("counts the lines that are not blank", async () => {
    expect(await find("lines: lines.txt")).toMatchObject({
      kind: "lines",
      path: join(work, "lines.txt"),
      count: 2,
    });
  });

  test("finds none for a body without a payload", async () => {
    expect(await find("body: '{}'")).toEqual({ kind: "none", names: [], count: 1 });
  });

  test.each([
    ["a folder that is missing", "files: nowhere/"],
    ["a pattern without a match", "files: 'images/*.png'"],
    ["a missing lines file", "lines: none.txt"],
    ["a file with blank lines only", "lines: blank.txt"],
  ])("rejects %s", async (_, request) => {
    await expect(find(request)).rejects.toMatchObject({ code: "FILE_NO_PAYLOADS", exitCode: 2 });
  });
});
