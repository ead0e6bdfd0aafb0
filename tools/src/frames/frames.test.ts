import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Command } from "commander";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { registerFrames } from "../commands/frames.ts";
import { exportFrames } from "./export-frames.ts";
import { readFrameRate, runFfmpeg } from "./ffmpeg.ts";
import { findFfmpeg } from "./find-ffmpeg.ts";
import { ensureFrames, type FrameManifest } from "./frames.ts";
import { makeVideo } from "./video.ts";

let root: string;
let clip: string;
let turned: string;
const quiet = { line: () => {}, warn: () => {} };

/** 64 × 48, black but for its left half, which is white; 10 frames at 5 per second. */
beforeAll(async () => {
  await findFfmpeg(); // into the user's cache, not this test's
  root = await mkdtemp(join(tmpdir(), "slbench-frames-"));
  process.env.SLBENCH_CACHE = join(root, "cache");
  clip = join(root, "clip.mp4");
  turned = join(root, "turned.mp4");
  const row = Buffer.concat([Buffer.alloc(32 * 3, 255), Buffer.alloc(32 * 3)]);
  const frame = Buffer.concat(Array<Buffer>(48).fill(row));
  const raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "64x48", "-r", "5", "-i", "pipe:0"];
  await runFfmpeg({
    args: [...raw, "-c:v", "libx264", "-pix_fmt", "yuv420p", clip],
    what: "clip",
    hint: "",
    input: Readable.from(Array<Buffer>(10).fill(frame)),
  });
  // as phones write it: the picture lies, and a note says how to turn it
  await runFfmpeg({
    args: ["-display_rotation", "90", "-i", clip, "-c", "copy", turned],
    what: "turned clip",
    hint: "",
  });
});
afterAll(async () => {
  delete process.env.SLBENCH_CACHE;
  await rm(root, { recursive: true });
});

/** Grey values of a picture's four corners: top left, top right, bottom left, bottom right. */
async function corners(file: string, width: number, height: number): Promise<readonly number[]> {
  const { stdout } = await execa(
    await findFfmpeg(),
    ["-loglevel", "error", "-i", file, "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"],
    { encoding: "buffer", stdin: "ignore" },
  );
  expect(stdout).toHaveLength(width * height);
  const at = (x: number, y: number) => stdout[y * width + x] ?? -1;
  return [at(2, 2), at(width - 3, 2), at(2, height - 3), at(width - 3, height - 3)];
}

const light = (grey: number | undefined) => (grey ?? 0) > 128;

describe("ensureFrames()", () => {
  it("cuts every frame and describes them in the manifest", async () => {
    const { folder, manifest } = await ensureFrames({ video: clip, format: "jpeg" }, quiet);
    const names = manifest.frames.map(({ name }) => name);
    expect(names).toEqual(
      Array.from({ length: 10 }, (_, index) => `frame-${String(index + 1).padStart(5, "0")}.jpg`),
    );
    expect((await readdir(folder)).sort()).toEqual([...names, "manifest.json"]);
    expect(manifest).toMatchObject({ widthPx: 64, heightPx: 48, videoFramesPerSecond: 5, video: "clip.mp4" });
    expect(manifest.videoSha256).toMatch(/^[0-9a-f]{64}$/);
    const first = await readFile(join(folder, "frame-00001.jpg"));
    expect(manifest.frames[0]?.sizeBytes).toBe(first.length);
    expect((await corners(join(folder, "frame-00001.jpg"), 64, 48)).map(light)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it("turns a phone's pictures upright", async () => {
    const { folder, manifest } = await ensureFrames({ video: turned, format: "png", max: 1 }, quiet);
    expect(manifest).toMatchObject({ widthPx: 48, heightPx: 64, frames: [{ name: "frame-00001.png" }] });
    // Written so by this ffmpeg the note means a quarter to the left: what was left is below. OpenCV agrees.
    const found = await corners(join(folder, "frame-00001.png"), 48, 64);
    expect(found.map(light)).toEqual([false, false, true, true]);
  });

  it("cuts pixels that are not square to the size that players show", async () => {
    const video = fileURLToPath(new URL("../../testdata/anamorphic.mp4", import.meta.url));
    const { manifest } = await ensureFrames({ video, format: "png", max: 1 }, quiet);
    expect(manifest).toMatchObject({ widthPx: 480, heightPx: 240 });
    const sized = await ensureFrames({ video, format: "png", max: 1, size: "100x50" }, quiet);
    expect(sized.manifest).toMatchObject({ widthPx: 100, heightPx: 50 });
    const lying = join(root, "anamorphic-turned.mp4");
    const args = ["-display_rotation", "90", "-i", video, "-c", "copy", lying];
    await runFfmpeg({ args, what: "turned clip", hint: "" });
    const upright = await ensureFrames({ video: lying, format: "png", max: 1 }, quiet);
    // Its pixels are turned too: 240 × 320 of them, each 1.5 times as high as wide.
    expect(upright.manifest.heightPx / upright.manifest.widthPx).toBeCloseTo(2, 2);
  });

  it("opens no other file or address that a video names", async () => {
    const concat = join(root, "list.mp4");
    await writeFile(concat, `ffconcat version 1.0\nfile ${clip}\n`);
    const playlist = join(root, "playlist.mp4");
    const target = pathToFileURL(clip).href;
    await writeFile(playlist, `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${target}\n#EXT-X-ENDLIST\n`);
    for (const video of [concat, playlist])
      await expect(ensureFrames({ video, format: "png" }, quiet)).rejects.toMatchObject({
        code: "FRAMES_FFMPEG",
      });
  });

  it("takes a file whose name looks like an address", async () => {
    const video = join(root, "concat:clip.mp4");
    await copyFile(clip, video);
    const here = process.cwd();
    process.chdir(root);
    try {
      const { manifest } = await ensureFrames({ video: "concat:clip.mp4", format: "png", max: 1 }, quiet);
      expect(manifest.widthPx).toBe(64);
    } finally {
      process.chdir(here);
    }
  });

  it("takes fewer frames, other rates and sizes", async () => {
    const some = await ensureFrames({ video: clip, format: "jpeg", max: 3, size: "32x24" }, quiet);
    expect(some.manifest).toMatchObject({ widthPx: 32, heightPx: 24, request: { max: 3, size: "32x24" } });
    expect(some.manifest.frames).toHaveLength(3);
    const fewer = await ensureFrames({ video: clip, format: "jpeg", fps: 1 }, quiet);
    expect(fewer.manifest.frames).toHaveLength(2);
  });

  it("cuts the same once, and tells different videos and requests apart", async () => {
    const logged: string[] = [];
    const log = { line: (text: string) => logged.push(text), warn: (text: string) => logged.push(text) };
    const first = await ensureFrames({ video: clip, format: "jpeg", max: 2 }, log);
    expect(logged.join("\n")).toContain("frames of clip.mp4");
    const before = logged.length;
    const again = await ensureFrames({ max: 2, format: "jpeg", video: clip }, log);
    expect([again.folder, again.manifest, logged.length]).toEqual([first.folder, first.manifest, before]);
    const other = await ensureFrames({ video: turned, format: "jpeg", max: 2 }, quiet);
    const png = await ensureFrames({ video: clip, format: "png", max: 2 }, quiet);
    expect(new Set([first.folder, other.folder, png.folder]).size).toBe(3);
    expect(first.manifest.framesSha256).not.toBe(other.manifest.framesSha256);
  });

  it("cuts once for simultaneous calls", async () => {
    const all = await Promise.all(
      [1, 2, 3].map(() => ensureFrames({ video: clip, format: "png", max: 4 }, quiet)),
    );
    expect(new Set(all.map(({ manifest }) => manifest.framesSha256)).size).toBe(1);
    const left = (await readdir(join(root, "cache", "frames"))).filter((name) => name.includes("."));
    expect(left).toEqual([]);
  });

  test.each([
    ["a frame is gone", (folder: string) => rm(join(folder, "frame-00002.jpg"))],
    ["a frame is cut off", (folder: string) => writeFile(join(folder, "frame-00001.jpg"), "")],
    ["the manifest is empty", (folder: string) => writeFile(join(folder, "manifest.json"), "")],
  ])("cuts again, and logs it, if %s", async (_name, damage) => {
    const ask = { video: clip, format: "jpeg", max: 2, size: "16x12" } as const;
    const first = await ensureFrames(ask, quiet);
    await damage(first.folder);
    const logged: string[] = [];
    const again = await ensureFrames(ask, {
      line: (text) => logged.push(text),
      warn: (text) => logged.push(text),
    });
    expect(again).toEqual(first);
    expect(logged[0]).toContain(`${first.folder} is incomplete, so they are cut again`);
    for (const { name, sizeBytes } of again.manifest.frames)
      expect((await readFile(join(again.folder, name))).length).toBe(sizeBytes);
    expect(
      await ensureFrames(ask, { line: (text) => expect.fail(text), warn: (text) => expect.fail(text) }),
    ).toEqual(first);
  });

  it("cuts again once for simultaneous calls that find an incomplete cut", async () => {
    const ask = { video: clip, format: "png", max: 3 } as const;
    const { folder, manifest } = await ensureFrames(ask, quiet);
    await writeFile(join(folder, "manifest.json"), "{");
    const all = await Promise.all([1, 2, 3].map(() => ensureFrames(ask, quiet)));
    expect(all).toEqual(Array(3).fill({ folder, manifest }));
    expect((await readdir(folder)).length).toBe(4);
  });

  it("calls a copy of a video by its own name", async () => {
    const copy = join(root, "copy.mp4");
    await copyFile(clip, copy);
    const [first, second] = [clip, copy].map((video) => ({ video, format: "jpeg", max: 1 }) as const);
    expect((await ensureFrames(first!, quiet)).manifest.video).toBe("clip.mp4");
    expect((await ensureFrames(second!, quiet)).manifest.video).toBe("copy.mp4");
  });

  it("removes remains of killed cuts, not cuts in progress", async () => {
    const cache = join(root, "cache", "frames");
    const [old, young] = ["0123456789abcdef.OLDOLD", "0123456789abcdef.YOUNG1"].map((name) =>
      join(cache, name),
    );
    for (const folder of [old!, young!]) await mkdir(folder, { recursive: true });
    const before = Date.now() / 1000 - 90_000;
    await utimes(old!, before, before);
    await ensureFrames({ video: clip, format: "jpeg", max: 5 }, quiet);
    const left = (await readdir(cache)).filter((name) => name.includes("."));
    expect(left).toEqual(["0123456789abcdef.YOUNG1"]);
    await rm(young!, { recursive: true });
  });

  it("rejects a missing file, a file that is not a video, and a video without pictures", async () => {
    const text = join(root, "text.mp4");
    await writeFile(text, "no video");
    const sound = join(root, "sound.wav");
    await runFfmpeg({ args: ["-f", "lavfi", "-i", "sine=duration=0.1", sound], what: "sound", hint: "" });
    const cut = (video: string) => ensureFrames({ video, format: "jpeg" }, quiet);
    await expect(cut(join(root, "missing.mp4"))).rejects.toMatchObject({ code: "FRAMES_NO_VIDEO" });
    await expect(cut(text)).rejects.toMatchObject({ code: "FRAMES_FFMPEG" });
    await expect(cut(sound)).rejects.toMatchObject({ code: "FRAMES_FFMPEG" });
  });
});

describe("exportFrames()", () => {
  it("puts frames where they are wanted, in place of an earlier cut", async () => {
    const target = join(root, "wanted");
    await exportFrames(await ensureFrames({ video: clip, format: "jpeg" }, quiet), target);
    expect(await readdir(target)).toHaveLength(11);
    const folder = await exportFrames(
      await ensureFrames({ video: clip, format: "png", max: 1 }, quiet),
      target,
    );
    expect((await readdir(folder)).sort()).toEqual(["frame-00001.png", "manifest.json"]);
    const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as FrameManifest;
    expect(manifest.request).toEqual({ format: "png", max: 1 });
  });

  it("continues after an interruption", async () => {
    const cut = await ensureFrames({ video: clip, format: "jpeg", max: 2 }, quiet);
    const target = join(root, "interrupted");
    const broken = { ...cut.manifest, frames: [...cut.manifest.frames, { name: "gone", sizeBytes: 1 }] };
    await expect(exportFrames({ ...cut, manifest: broken }, target)).rejects.toMatchObject({
      code: "FILE_WRITE",
    });
    expect(await readdir(target)).not.toContain("manifest.json");
    await exportFrames(cut, target);
    expect((await readdir(target)).sort()).toEqual(["frame-00001.jpg", "frame-00002.jpg", "manifest.json"]);
  });

  it("rejects a file, and a path below a file", async () => {
    const cut = await ensureFrames({ video: clip, format: "jpeg" }, quiet);
    for (const target of [clip, join(clip, "frames")])
      await expect(exportFrames(cut, target)).rejects.toMatchObject({ code: "FILE_FOLDER" });
  });

  it("leaves a folder with other files alone", async () => {
    const cut = await ensureFrames({ video: clip, format: "jpeg" }, quiet);
    const target = await mkdtemp(join(root, "other-"));
    await writeFile(join(target, "frame-00001.jpg"), "mine, without a manifest");
    await expect(exportFrames(cut, target)).rejects.toMatchObject({ code: "FRAMES_FOLDER", exitCode: 2 });
    await writeFile(join(target, "letter.txt"), "mine");
    await expect(exportFrames(cut, target)).rejects.toMatchObject({ code: "FRAMES_FOLDER" });
    expect((await readdir(target)).sort()).toEqual(["frame-00001.jpg", "letter.txt"]);
  });
});

describe("makeVideo()", () => {
  it("joins frames to H.264 at the rate of another video, and lists missing ones", async () => {
    const { folder } = await ensureFrames({ video: clip, format: "jpeg", size: "63x47" }, quiet);
    const some = join(root, "some");
    await exportFrames(
      {
        folder,
        manifest: (await ensureFrames({ video: clip, format: "jpeg", size: "63x47" }, quiet)).manifest,
      },
      some,
    );
    await rm(join(some, "frame-00004.jpg"));
    const out = join(root, "out", "blurred.mp4");
    const video = await makeVideo({ folder: some, out, like: clip });
    expect(video).toEqual({ path: out, frames: 9, framesPerSecond: 5, missing: [4], broken: [] });
    expect(await readFrameRate(out)).toBe(5);
    // H.264 wants even sizes
    const { manifest } = await ensureFrames({ video: out, format: "png" }, quiet);
    expect(manifest).toMatchObject({ widthPx: 64, heightPx: 48 });
    expect(manifest.frames).toHaveLength(9);
    const { stderr } = await execa(await findFfmpeg(), ["-i", out], { reject: false });
    expect(stderr).toMatch(/Video: h264 .*yuv420p/);
  });

  it("lists frames missing at both ends if the number of cut frames is known", async () => {
    const { folder } = await ensureFrames({ video: clip, format: "jpeg" }, quiet);
    const blurred = await mkdtemp(join(root, "ends-"));
    for (const number of ["00003", "00005"])
      await copyFile(join(folder, `frame-${number}.jpg`), join(blurred, `frame-${number}.jpg`));
    const out = join(root, "out", "ends.mp4");
    expect((await makeVideo({ folder: blurred, out })).missing).toEqual([4]);
    await copyFile(join(folder, "manifest.json"), join(blurred, "cut-from.json"));
    expect((await makeVideo({ folder: blurred, out })).missing).toEqual([1, 2, 4, 6, 7, 8, 9, 10]);
  });

  it("refuses frames of several sizes, and a folder for its video", async () => {
    const { folder } = await ensureFrames({ video: clip, format: "jpeg" }, quiet);
    const small = await ensureFrames({ video: clip, format: "jpeg", size: "32x24" }, quiet);
    const mixed = await mkdtemp(join(root, "sizes-"));
    await copyFile(join(folder, "frame-00001.jpg"), join(mixed, "frame-00001.jpg"));
    await copyFile(join(small.folder, "frame-00002.jpg"), join(mixed, "frame-00002.jpg"));
    await expect(makeVideo({ folder: mixed, out: join(root, "out", "mixed.mp4") })).rejects.toMatchObject({
      code: "FRAMES_MIXED",
      message: expect.stringContaining("frame-00001.jpg is 64 × 48, frame-00002.jpg 32 × 24"),
    });
    for (const out of [root, join(clip, "b.mp4")])
      await expect(makeVideo({ folder, out })).rejects.toMatchObject({ code: "FILE_FOLDER" });
    await expect(makeVideo({ folder, out: join(root, "blurred.xyz") })).rejects.toMatchObject({
      code: "FRAMES_FFMPEG",
      hint: expect.stringContaining("ends in .mp4"),
    });
  });

  it("uses the rate at which the frames were cut, 25 if unknown", async () => {
    const { folder } = await ensureFrames({ video: clip, format: "jpeg" }, quiet);
    const out = join(root, "out", "rate.mp4");
    expect(await makeVideo({ folder, out })).toMatchObject({ framesPerSecond: 5 });
    const blurred = await mkdtemp(join(root, "blurred-"));
    await copyFile(join(folder, "frame-00001.jpg"), join(blurred, "frame-00001.jpg"));
    expect(await makeVideo({ folder: blurred, out })).toMatchObject({ framesPerSecond: 25 });
    // As the client copies it.
    await copyFile(join(folder, "manifest.json"), join(blurred, "cut-from.json"));
    expect(await makeVideo({ folder: blurred, out })).toMatchObject({ framesPerSecond: 5 });
    await writeFile(join(blurred, "cut-from.json"), "not ours");
    expect(await makeVideo({ folder: blurred, out })).toMatchObject({ framesPerSecond: 25 });
  });

  it("refuses a folder without frames and one with two kinds", async () => {
    const folder = await mkdtemp(join(root, "kinds-"));
    const make = () => makeVideo({ folder, out: join(root, "no.mp4") });
    await expect(make()).rejects.toMatchObject({ code: "FRAMES_NONE" });
    for (const format of ["jpeg", "png"] as const) {
      const cut = await ensureFrames({ video: clip, format }, quiet);
      const name = cut.manifest.frames[0]?.name as string;
      await copyFile(join(cut.folder, name), join(folder, name));
    }
    await expect(make()).rejects.toMatchObject({ code: "FRAMES_MIXED" });
    for (const name of await readdir(folder)) await rm(join(folder, name));
    await writeFile(join(folder, "1.jpg"), "no picture");
    await expect(make()).rejects.toMatchObject({ code: "FRAMES_NONE" });
  });
});

describe("slbench frames --size", () => {
  test.each(["99999x99999", "16001x1", "0x5", "5"])("refuses %s", async (size) => {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
    registerFrames(program);
    for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
    const args = ["frames", clip, "--out", join(root, "sized"), "--size", size];
    await expect(program.parseAsync(args, { from: "user" })).rejects.toMatchObject({
      code: "commander.invalidArgument",
    });
  });
});
