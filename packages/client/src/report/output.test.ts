import {
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
import { afterAll, describe, expect, it } from "vitest";
import { makeOutput } from "./output.ts";

const root = mkdtempSync(join(tmpdir(), "slbench-output-"));
afterAll(() => rmSync(root, { recursive: true }));
const frames = join(root, "frames");
mkdirSync(frames);
writeFileSync(join(frames, "frame-00001.jpg"), "mine");
writeFileSync(join(frames, "manifest.json"), "{}");

describe("makeOutput()", () => {
  it("creates the folder with a copy of the frames' manifest, and accepts an existing one without frames", () => {
    const folder = join(root, "new", "blurred");
    makeOutput(folder, frames);
    makeOutput(folder, frames);
    expect(readdirSync(folder)).toEqual(["cut-from.json"]);
    expect(readFileSync(join(folder, "cut-from.json"), "utf8")).toBe("{}");
  });

  it("rejects the payloads' own folder, also through a link", () => {
    const link = join(root, "link");
    symlinkSync(frames, link);
    for (const folder of [frames, link, join(frames, "..", "frames")])
      expect(() => makeOutput(folder, frames)).toThrow(expect.objectContaining({ code: "CLIENT_USAGE" }));
    expect(readdirSync(frames)).toEqual(["frame-00001.jpg", "manifest.json"]);
  });

  it("rejects a folder with frames of an earlier run, and keeps them", () => {
    const folder = mkdtempSync(join(root, "earlier-"));
    writeFileSync(join(folder, "frame-00007.png"), "earlier");
    expect(() => makeOutput(folder, frames)).toThrow(
      expect.objectContaining({ code: "CLIENT_FILE", message: expect.stringContaining("frame-00007.png") }),
    );
    expect(readdirSync(folder)).toEqual(["frame-00007.png"]);
  });

  it("rejects a path that cannot be a folder, at once", () => {
    const file = join(root, "file");
    writeFileSync(file, "mine");
    const impossible = process.platform === "linux" ? ["/proc/slbench/blurred"] : [];
    for (const folder of [file, join(file, "blurred"), ...impossible])
      expect(() => makeOutput(folder, frames)).toThrow(expect.objectContaining({ code: "CLIENT_FILE" }));
  });
});
