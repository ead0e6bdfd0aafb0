import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { imageSize } from "image-size";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { makeFolderOf } from "../files/make-folder.ts";
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
  /** Numbers of frames that are missing because their requests failed. */
  readonly missing: readonly number[];
  /** Files without a valid picture, for example from a killed client: skipped. */
  readonly broken: readonly string[];
}

/** Default if no manifest is found. */
const DEFAULT_FPS = 25;
/** The frames' manifest as a client copies it to its --output. */
const CUT_FROM = "cut-from.json";

/**
 * Joins frames to an H.264 video that any player shows.
 * @throws {SlbenchError} FRAMES_NONE, FRAMES_MIXED, FRAMES_NO_VIDEO, FRAMES_FFMPEG, FILE_FOLDER
 */
export async function makeVideo(request: VideoRequest, onRequests?: (count: number) => void): Promise<Video> {
  const { folder, out, like } = request;
  const { names, broken } = await listPictures(folder);
  const type = names.every((name) => name.endsWith(".png")) ? "png" : "mjpeg";
  if (type === "mjpeg" && names.some((name) => name.endsWith(".png"))) {
    throw new SlbenchError<ToolErrorCode>("FRAMES_MIXED", `${folder} holds both JPEG and PNG`, {
      hint: "give each its own folder",
      exitCode: 2,
    });
  }
  const manifest = await readManifest(folder);
  const framesPerSecond = request.fps ?? (like === undefined ? rateIn(manifest) : await rateOf(like));
  const path = await makeFolderOf(out, "blurred.mp4");
  await runFfmpeg({
    args: [
      // Piped one after the other, so file names need no pattern.
      ...[
        "-protocol_whitelist",
        "pipe",
        "-f",
        "image2pipe",
        "-c:v",
        type,
        "-framerate",
        String(framesPerSecond),
        "-i",
        "pipe:0",
      ],
      // H.264 as phones play it wants even sizes, halved colour, and a video's range of brightness.
      ...["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_range=tv,format=yuv420p"],
      ...["-c:v", "libx264", "-crf", "18", "-preset", "medium", "-movflags", "+faststart", path],
    ],
    what: `cannot make ${out}`,
    hint: `check that the frames are whole pictures, and that ${out} ends in .mp4 and can be written`,
    input: Readable.from(readAll(folder, names)),
    ...(onRequests !== undefined && { onRequests }),
  });
  return {
    path,
    frames: names.length,
    framesPerSecond,
    missing: findMissing(names, manifest?.frames?.length),
    broken,
  };
}

async function* readAll(folder: string, names: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const name of names) yield* createReadStream(join(folder, name));
}

interface Pictures {
  readonly names: readonly string[];
  readonly broken: readonly string[];
}

/** Requires one size: frames of two sizes come from two runs. */
async function listPictures(folder: string): Promise<Pictures> {
  const order = new Intl.Collator("en", { numeric: true });
  const entries = (await readdir(folder).catch(() => [])).filter((name) => /\.(jpg|jpeg|png)$/.test(name));
  const names: string[] = [];
  const broken: string[] = [];
  const sizes = new Map<string, string>();
  for (const name of entries.sort(order.compare)) {
    const size = await readSize(join(folder, name));
    if (size === undefined) broken.push(name);
    else {
      names.push(name);
      if (!sizes.has(size)) sizes.set(size, name);
    }
  }
  if (names.length === 0)
    throw new SlbenchError<ToolErrorCode>(
      "FRAMES_NONE",
      `${folder} holds no valid picture (${entries.length} .jpg and .png files)`,
      {
        hint: "slbench-client --output DIR keeps the blurred frames",
      },
    );
  const [first, other] = sizes;
  if (first === undefined || other === undefined) return { names, broken };
  const message = `${folder} holds frames of several sizes: ${first[1]} is ${first[0]}, ${other[1]} ${other[0]}`;
  throw new SlbenchError<ToolErrorCode>("FRAMES_MIXED", message, {
    hint: "give each run its own --output",
    exitCode: 2,
  });
}

/** Undefined if it is not a picture or not a regular file: reading a pipe would never end. */
async function readSize(file: string): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) return undefined;
    const { width, height } = imageSize(await readFile(file));
    return `${width} × ${height}`;
  } catch {
    return undefined;
  }
}

/** The manifest of the cut, if one lies beside the frames. */
async function readManifest(folder: string): Promise<Partial<FrameManifest> | undefined> {
  for (const name of [CUT_FROM, MANIFEST]) {
    const manifest = await readFile(join(folder, name), "utf8")
      .then((text) => JSON.parse(text) as Partial<FrameManifest> | null)
      .catch(() => undefined); // missing, or not a manifest
    if (manifest) return manifest;
  }
  return undefined;
}

/** The rate at which the frames were cut. */
function rateIn(manifest: Partial<FrameManifest> | undefined): number {
  const rate = manifest?.request?.fps ?? manifest?.videoFramesPerSecond;
  return typeof rate === "number" && rate > 0 ? rate : DEFAULT_FPS;
}

async function rateOf(video: string): Promise<number> {
  const rate = await readFrameRate(video);
  if (rate !== undefined) return rate;
  throw new SlbenchError<ToolErrorCode>("FRAMES_NO_VIDEO", `cannot read a frame rate from ${video}`, {
    hint: "give --fps",
  });
}

/** @param cut how many frames were cut, if known */
function findMissing(names: readonly string[], cut: number | undefined): readonly number[] {
  const numbers = names.map((name) => Number(/(\d+)\.\w+$/.exec(name)?.[1]));
  const present = new Set(numbers);
  const first = cut === undefined ? Math.min(...numbers) : 1;
  const last = Math.max(cut ?? 0, ...numbers);
  // Names without a plain sequence number do not show what is missing.
  if (!Number.isFinite(last) || last - first > Math.max(names.length, cut ?? 0) * 10) return [];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
    (number) => !present.has(number),
  );
}
