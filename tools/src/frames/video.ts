import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { ToolError } from "../errors.ts";
import { readFrameRate, runFfmpeg } from "./ffmpeg.ts";
import { type FrameManifest, MANIFEST } from "./frames.ts";

export interface VideoRequest {
  /** Folder of frames, as the client's --output leaves it. */
  readonly folder: string;
  readonly out: string;
  readonly fps?: number;
  /** Take the frame rate of this video. */
  readonly like?: string;
}

export interface Video {
  readonly path: string;
  readonly frames: number;
  readonly framesPerSecond: number;
  /** Numbers between the first and the last that have no frame: their requests failed. */
  readonly missing: readonly number[];
}

/** Where nothing says how the frames were cut. */
const DEFAULT_FPS = 25;
/** The frames' manifest as a client copies it to its --output. */
const CUT_FROM = "cut-from.json";

/**
 * Joins frames to an H.264 video that any player shows.
 * @throws {ToolError} FRAMES_NONE, FRAMES_MIXED, FRAMES_NO_VIDEO, FRAMES_FFMPEG
 */
export async function makeVideo(request: VideoRequest, onFrames?: (count: number) => void): Promise<Video> {
  const { folder, out, like } = request;
  const names = await listPictures(folder);
  const type = names.every((name) => name.endsWith(".png")) ? "png" : "mjpeg";
  if (type === "mjpeg" && names.some((name) => name.endsWith(".png"))) {
    throw new ToolError("FRAMES_MIXED", `${folder} holds both JPEG and PNG`, {
      hint: "give each its own folder",
      exitCode: 2,
    });
  }
  const framesPerSecond = request.fps ?? (like === undefined ? await cutRate(folder) : await rateOf(like));
  const path = resolve(out);
  await mkdir(dirname(path), { recursive: true });
  await runFfmpeg({
    args: [
      // One after the other through a pipe: no pattern of names to get wrong.
      ...["-f", "image2pipe", "-c:v", type, "-framerate", String(framesPerSecond), "-i", "pipe:0"],
      // H.264 as phones play it wants even sizes and halved colour.
      ...["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p"],
      ...["-c:v", "libx264", "-crf", "18", "-preset", "medium", "-movflags", "+faststart", path],
    ],
    what: `cannot make ${out}`,
    input: Readable.from(readAll(folder, names)),
    ...(onFrames !== undefined && { onFrames }),
  });
  return { path, frames: names.length, framesPerSecond, missing: findMissing(names) };
}

async function* readAll(folder: string, names: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const name of names) yield* createReadStream(join(folder, name));
}

async function listPictures(folder: string): Promise<readonly string[]> {
  const order = new Intl.Collator("en", { numeric: true });
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(jpg|jpeg|png)$/.test(name));
  if (names.length > 0) return names.sort(order.compare);
  throw new ToolError("FRAMES_NONE", `no .jpg or .png in ${folder}`, {
    hint: "slbench-client --output DIR keeps the blurred frames",
  });
}

/** The rate at which the frames were cut, where something beside them says so. */
async function cutRate(folder: string): Promise<number> {
  for (const name of [CUT_FROM, MANIFEST]) {
    const manifest = await readFile(join(folder, name), "utf8")
      .then((text) => JSON.parse(text) as Partial<FrameManifest> | null)
      .catch(() => undefined); // none, or somebody else's
    const rate = manifest?.request?.fps ?? manifest?.videoFramesPerSecond;
    if (typeof rate === "number" && rate > 0) return rate;
  }
  return DEFAULT_FPS;
}

async function rateOf(video: string): Promise<number> {
  const rate = await readFrameRate(video);
  if (rate !== undefined) return rate;
  throw new ToolError("FRAMES_NO_VIDEO", `cannot read a frame rate from ${video}`, { hint: "give --fps" });
}

function findMissing(names: readonly string[]): readonly number[] {
  const numbers = names.map((name) => Number(/(\d+)\.\w+$/.exec(name)?.[1]));
  const present = new Set(numbers);
  const first = Math.min(...numbers);
  const span = Math.max(...numbers) - first;
  // Names that are not numbered, or by something else than sequence, tell nothing.
  if (!Number.isFinite(span) || span > names.length * 10) return [];
  return Array.from({ length: span }, (_, index) => first + index).filter((number) => !present.has(number));
}
