import { execFileSync } from "node:child_process";
import {
  existsSync,
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
import { Readable } from "node:stream";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { unpackFiles } from "./unpack-files.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-unpack-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const wanted = /^w\d+-u\d+\/response-\d+\.[a-z]+$/;
let [from, to] = ["", ""];

beforeEach(() => {
  from = mkdtempSync(join(work, "from-"));
  to = mkdtempSync(join(work, "to-"));
  mkdirSync(join(from, "w1-u1"));
  for (const number of [1, 2, 3])
    writeFileSync(join(from, "w1-u1", `response-0000${number}.json`), "x".repeat(1000));
});

const pack = (...options: readonly string[]) =>
  execFileSync("tar", ["-C", from, ...options, "-cf", "-", "."], { stdio: ["ignore", "pipe", "ignore"] });
const unpack = (archive: Uint8Array, maxBytes?: number) =>
  unpackFiles(Readable.from([archive]), to, { wanted, ...(maxBytes !== undefined && { maxBytes }) });

describe("unpackFiles()", () => {
  it("unpacks wanted files with their folders, and nothing else", async () => {
    writeFileSync(join(from, "other.txt"), "x");
    writeFileSync(join(from, "w1-u1", ".bashrc"), "x");
    expect(await unpack(pack())).toMatchObject({ bytes: 3000, isCut: false });
    expect(readdirSync(to)).toEqual(["w1-u1"]);
    expect(readdirSync(join(to, "w1-u1"))).toHaveLength(3);
    expect(readFileSync(join(to, "w1-u1", "response-00001.json"), "utf8")).toHaveLength(1000);
  });

  it("skips links and files outside the folder", async () => {
    symlinkSync("/etc/passwd", join(from, "w1-u1", "response-00009.json"));
    const outside = pack("--transform", "s#w1-u1/response-00001#../w1-u1/response-00001#");
    const { names } = await unpack(outside);
    expect([...names].sort()).toEqual(["w1-u1/response-00002.json", "w1-u1/response-00003.json"]);
    expect(existsSync(join(to, "..", "w1-u1"))).toBe(false);
  });

  it("does not write through a link in the folder", async () => {
    const other = mkdtempSync(join(work, "other-"));
    symlinkSync(other, join(to, "w1-u1"));
    await unpack(pack()).catch(() => {});
    expect(readdirSync(other)).toEqual([]);
  });

  it("stops at the limit and says so", async () => {
    const { names, isCut } = await unpack(pack(), 2500);
    expect(isCut).toBe(true);
    expect(readdirSync(join(to, "w1-u1"))).toHaveLength(names.length);
    expect(names).toHaveLength(2);
  });

  it("rejects a torn archive", async () => {
    const whole = pack();
    await expect(unpack(whole.subarray(0, whole.length / 3))).rejects.toThrow();
  });
});
