import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { imageSize } from "image-size";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { cacheFolder } from "../files/cache.ts";
import { exists } from "../files/exists.ts";
import { type SetupLog, stderrLog, step } from "../setup/steps.ts";
import { readFrameRate, runFfmpeg, videoInput } from "./ffmpeg.ts";

export interface FrameRequest {
  /** The video file. */
  readonly video: string;
  /** Frames to keep at most, from the first on; absent: all. */
  readonly max?: number;
  /** Frames per second of video time; absent: each frame of the video. */
  readonly fps?: number;
  /** `1308x888`, or absent for the video's own size, upright. */
  readonly size?: string;
  readonly format: "jpeg" | "png";
}

/** What was cut: written beside the frames as manifest.json. */
export interface FrameManifest {
  readonly schema: "slbench.frames/1";
  readonly video: string;
  readonly videoSha256: string;
  /** Of the video itself, if ffmpeg knows it. */
  readonly videoFramesPerSecond?: number;
  readonly request: Omit<FrameRequest, "video">;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frames: readonly { readonly name: string; readonly sizeBytes: number }[];
  /** One hash over all frames in order: equal on two hosts means equal frames. */
  readonly framesSha256: string;
}

export interface CutRequests {
  readonly folder: string;
  readonly manifest: FrameManifest;
}

export const MANIFEST = "manifest.json";
/** Changes whenever the same video and request would give other files. */
const RECIPE = "slbench.frames/1 q2 sizes square ffmpeg9";
const LOG_EVERY_MS = 2000;
/** A folder in which a cut is being made: its place in the cache and a random end. */
const WORK_NAME = /^[0-9a-f]{16}\../;
const STALE_MS = 86_400_000;

/**
 * Cuts a video into upright frames, once: the cache knows them by the video's hash and the request.
 * @throws {SlbenchError} FRAMES_NO_VIDEO, FRAMES_FFMPEG, FRAMES_NONE
 */
export async function ensureFrames(request: FrameRequest, log: SetupLog = stderrLog): Promise<CutRequests> {
  const { video, format, max, fps, size } = request;
  const videoSha256 = await hashVideo(video);
  const how = {
    format,
    ...(max !== undefined && { max }),
    ...(fps !== undefined && { fps }),
    ...(size !== undefined && { size }),
  };
  const key = createHash("sha256")
    .update(`${RECIPE} ${videoSha256} ${JSON.stringify(how)}`)
    .digest("hex");
  const parent = await cacheFolder("frames");
  const folder = join(parent, key.slice(0, 16));
  // Check first: a folder that appears later is another process's complete cut.
  const there = await exists(folder);
  let manifest = await readCut(folder);
  if (manifest === undefined) {
    const title = `frames of ${basename(video)}`;
    if (there) {
      log.line(`setup: ${title}: ${folder} is incomplete, so they are cut again`);
      await removeAtOnce(folder);
    }
    await sweep(parent);
    manifest = await step(title, () => cut(video, how, videoSha256, folder, logProgress(title, log)), log);
  }
  // The same video may have been cut under another name.
  return { folder, manifest: { ...manifest, video: basename(video) } };
}

/** The manifest of a folder that still holds all that was cut, else undefined. */
async function readCut(folder: string): Promise<FrameManifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(folder, MANIFEST), "utf8")) as FrameManifest;
    if (manifest.frames.length === 0) return undefined;
    for (const { name, sizeBytes } of manifest.frames)
      if ((await stat(join(folder, name))).size !== sizeBytes) return undefined;
    return manifest;
  } catch {
    return undefined; // not cut yet, or partly deleted
  }
}

/** Moves it away before deleting, so that no reader sees half of it. */
async function removeAtOnce(folder: string): Promise<void> {
  const aside = await mkdtemp(`${folder}.`);
  await rename(folder, join(aside, "broken")).catch(() => {}); // another process was faster
  await rm(aside, { recursive: true, force: true });
}

/** Removes remains of killed cuts; no cut takes a day. */
async function sweep(parent: string): Promise<void> {
  for (const name of (await readdir(parent)).filter((entry) => WORK_NAME.test(entry))) {
    const found = await stat(join(parent, name)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS)
      await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** Logs progress every few seconds. */
function logProgress(title: string, log: SetupLog): (count: number) => void {
  let loggedMs = performance.now();
  return (count) => {
    if (performance.now() - loggedMs < LOG_EVERY_MS) return;
    loggedMs = performance.now();
    log.line(`setup: ${title}: ${count} cut`);
  };
}

/** Whole or not at all: cut beside its place, then renamed. */
async function cut(
  video: string,
  how: FrameManifest["request"],
  videoSha256: string,
  folder: string,
  onRequests: (count: number) => void,
): Promise<FrameManifest> {
  const work = await mkdtemp(`${folder}.`);
  try {
    const pattern = join(work, `frame-%05d.${how.format === "png" ? "png" : "jpg"}`);
    await runFfmpeg({
      args: [...videoInput(video), ...frameOptions(how), pattern],
      what: `cannot cut ${video}`,
      hint: `check that the file is a video that plays${how.size === undefined ? "" : `, and the size ${how.size}`}`,
      onRequests,
    });
    const rate = await readFrameRate(video);
    const manifest: FrameManifest = {
      schema: "slbench.frames/1",
      video: basename(video),
      videoSha256,
      ...(rate !== undefined && { videoFramesPerSecond: rate }),
      request: how,
      ...(await describeRequests(work, video)),
    };
    await writeFile(join(work, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(work, folder).catch(async (error) => {
      // another process made the same cut
      if ((await readCut(folder)) === undefined) throw error;
    });
    return manifest;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function describeRequests(
  folder: string,
  video: string,
): Promise<Pick<FrameManifest, "widthPx" | "heightPx" | "frames" | "framesSha256">> {
  const all = createHash("sha256");
  const frames = [];
  let first: Uint8Array | undefined;
  for (const name of (await readdir(folder)).sort()) {
    const bytes = await readFile(join(folder, name));
    first ??= bytes;
    all.update(bytes);
    frames.push({ name, sizeBytes: bytes.length });
  }
  if (first === undefined) {
    throw new SlbenchError<ToolErrorCode>("FRAMES_NONE", `${video} holds no frame`, {
      hint: "check that it plays and holds a picture track",
    });
  }
  const { width, height } = imageSize(first);
  return { widthPx: width, heightPx: height, frames, framesSha256: all.digest("hex") };
}

/**
 * ffmpeg rotates pictures upright itself (autorotate), keeping the pixels' shape; `passthrough` neither repeats
 * nor drops frames.
 */
function frameOptions(how: FrameManifest["request"]): string[] {
  const filters = [
    ...(how.fps === undefined ? [] : [`fps=${how.fps}`]),
    // JPEG and PNG have square pixels: use the width that players show, and the video's height.
    how.size === undefined ? "scale=trunc(iw*sar+0.5):ih" : `scale=${how.size.replace("x", ":")}`,
    "setsar=1",
  ];
  return [
    ...["-an", "-sn", "-dn", "-fps_mode", how.fps === undefined ? "passthrough" : "cfr"],
    ...["-vf", filters.join(",")],
    ...(how.max === undefined ? [] : ["-frames:v", String(how.max)]),
    // quality 2 is the JPEG encoder's best but one: about 90 kB for the sample's 1308 × 888
    ...(how.format === "jpeg" ? ["-q:v", "2"] : []),
  ];
}

async function hashVideo(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file), hash);
  } catch (cause) {
    throw new SlbenchError<ToolErrorCode>("FRAMES_NO_VIDEO", `cannot read the video ${file}`, {
      hint: "check the path",
      cause,
    });
  }
  return hash.digest("hex");
}
