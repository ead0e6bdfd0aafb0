import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, chmod, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { cacheFolder } from "../cache.ts";
import { ToolError } from "../errors.ts";
import { type SetupLog, stderrLog, step } from "../setup/steps.ts";

export interface FrameRequest {
  /** The video file. */
  readonly video: string;
  /** Frames to keep at most; absent: all. */
  readonly max?: number;
  /** Frames per second of video time; absent: each frame of the video. */
  readonly fps?: number;
  /** `1308x888`, or absent for the video's own size. */
  readonly size?: string;
  readonly format: "jpeg" | "png";
}

/** What was cut: written beside the frames as manifest.json. */
export interface FrameManifest {
  readonly schema: "slbench.frames/1";
  readonly video: string;
  readonly videoSha256: string;
  readonly request: Omit<FrameRequest, "video">;
  readonly frames: readonly { readonly name: string; readonly sizeBytes: number }[];
  /** One hash over all frames in order: equal on two hosts means equal frames. */
  readonly framesSha256: string;
}

export interface CutFrames {
  readonly folder: string;
  readonly manifest: FrameManifest;
}

/**
 * Cuts a video into upright frames, once: the cache knows them by the video's hash and the request.
 * @throws {ToolError} FRAMES_NO_VIDEO, FRAMES_NOT_CUT
 */
export async function ensureFrames(request: FrameRequest, log: SetupLog = stderrLog): Promise<CutFrames> {
  const { video, ...how } = request;
  const videoSha256 = await sha256(video);
  const key = createHash("sha256")
    .update(`${videoSha256} ${JSON.stringify(how)}`)
    .digest("hex")
    .slice(0, 16);
  const parent = await cacheFolder("frames");
  const folder = join(parent, key);
  if (!(await exists(join(folder, "manifest.json")))) {
    await step(`frames of ${basename(video)}`, () => cut(request, videoSha256, folder), log);
  }
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as FrameManifest;
  return { folder, manifest };
}

async function cut(request: FrameRequest, videoSha256: string, folder: string): Promise<void> {
  const { video, ...how } = request;
  const work = await cacheFolder("frames", `${basename(folder)}.${process.pid}`);
  try {
    await runFfmpeg(
      ["-i", video, ...frameOptions(how), join(work, `frame-%05d.${how.format === "png" ? "png" : "jpg"}`)],
      `cannot cut ${video}`,
    );
    const names = (await readdir(work)).sort();
    if (names.length === 0) {
      throw new ToolError("FRAMES_NOT_CUT", `${video} gave no frame`, {
        hint: "check that it plays and holds a picture track",
      });
    }
    const all = createHash("sha256");
    const frames = [];
    for (const name of names) {
      const bytes = await readFile(join(work, name));
      all.update(bytes);
      frames.push({ name, sizeBytes: bytes.length });
    }
    const manifest: FrameManifest = {
      schema: "slbench.frames/1",
      video: basename(video),
      videoSha256,
      request: how,
      frames,
      framesSha256: all.digest("hex"),
    };
    await writeFile(join(work, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** ffmpeg turns pictures upright by itself (autorotate); `-vsync 0` neither doubles nor drops frames. */
function frameOptions(how: Omit<FrameRequest, "video">): string[] {
  const filters = [
    ...(how.fps === undefined ? [] : [`fps=${how.fps}`]),
    ...(how.size === undefined ? [] : [`scale=${how.size.replace("x", ":")}`]),
  ];
  return [
    ...["-an", "-sn", "-vsync", how.fps === undefined ? "0" : "1"],
    ...(filters.length === 0 ? [] : ["-vf", filters.join(",")]),
    ...(how.max === undefined ? [] : ["-frames:v", String(how.max)]),
    // quality 2 is the JPEG encoder's best but one: about 140 kB at 1308 × 888
    ...(how.format === "jpeg" ? ["-q:v", "2"] : []),
  ];
}

/**
 * Runs the ffmpeg that comes inside the npm package `@ffmpeg-installer/ffmpeg`.
 * @throws {ToolError} FRAMES_NOT_CUT with ffmpeg's last words
 */
export async function runFfmpeg(args: readonly string[], what: string): Promise<void> {
  const { path } = createRequire(import.meta.url)("@ffmpeg-installer/ffmpeg") as { path: string };
  await chmod(path, 0o755); // the package comes without the run bit
  const done = await execa(path, ["-hide_banner", "-nostdin", "-loglevel", "error", "-y", ...args], {
    reject: false,
    all: true,
    stdin: "ignore",
    timeout: 1_800_000,
  });
  if (!done.failed) return;
  throw new ToolError(
    "FRAMES_NOT_CUT",
    `${what}: ${(done.all || done.originalMessage || "ffmpeg failed").trim().slice(-300)}`,
    {
      hint: "check that the file is a video that plays",
      cause: done,
    },
  );
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file), hash);
  } catch (cause) {
    throw new ToolError("FRAMES_NO_VIDEO", `cannot read the video ${file}`, {
      hint: "check the path",
      cause,
    });
  }
  return hash.digest("hex");
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
