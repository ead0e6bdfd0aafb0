import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { findFfmpeg } from "./find-ffmpeg.ts";

/** Containers of one video. No playlists or scripts: they make ffmpeg open other files. */
const CONTAINERS =
  "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,ogg,asf,h264,hevc,m4v,ivf,obu,av1,dv,mjpeg";

/** Options that read an untrusted video: one local file in a known container. */
export function videoInput(file: string): string[] {
  // "file:" keeps a name like "concat:a|b" a name.
  return ["-protocol_whitelist", "file", "-format_whitelist", CONTAINERS, "-i", `file:${file}`];
}

const MAX_SECONDS = 3_600;
/** Processor time of all threads, address space in kB, and size of one file in units of 512 bytes. */
const LIMITS = [`-t ${8 * MAX_SECONDS}`, "-v 16000000", "-f 16000000"];

/**
 * Starts the command under limits, and without network access if users may make a network namespace. A system
 * without one of these features skips it.
 */
const CONFINE = `
for limit in ${LIMITS.map((limit) => `'${limit}'`).join(" ")}; do ulimit $limit 2>/dev/null; done
if unshare -rn true 2>/dev/null; then exec unshare -rn -- "$@"; fi
exec "$@"`;

/** ffmpeg's command with its limits; the environment stays outside too (PATH finds the system's ffmpeg). */
async function startFfmpeg(args: readonly string[]): Promise<readonly [string, readonly string[], Confined]> {
  const env = { PATH: process.env.PATH ?? "" };
  const command = ["-c", CONFINE, "sh", await findFfmpeg(), "-hide_banner", ...args];
  return ["sh", command, { env, extendEnv: false, reject: false }];
}

interface Confined {
  readonly env: Readonly<Record<string, string>>;
  readonly extendEnv: false;
  readonly reject: false;
}

export interface FfmpegRun {
  readonly args: readonly string[];
  /** What failed, for the error: `cannot cut clip.mp4`. */
  readonly what: string;
  /** What to check then. */
  readonly hint: string;
  readonly input?: Readable;
  /** Called with the number of frames done, a few times a second. */
  readonly onRequests?: (count: number) => void;
}

/**
 * Runs ffmpeg to its end.
 * @throws {SlbenchError} FRAMES_FFMPEG with ffmpeg's last lines
 */
export async function runFfmpeg({ args, what, hint, input, onRequests }: FfmpegRun): Promise<void> {
  const common = ["-loglevel", "error", "-progress", "pipe:1", "-y"];
  const [command, given, confined] = await startFfmpeg([...common, ...args]);
  const child = execa(command, given, {
    ...confined,
    ...{ buffer: { stdout: false }, timeout: MAX_SECONDS * 1000 },
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
  });
  const lines = createInterface({ input: child.stdout as Readable });
  lines.on("line", (line) => {
    const count = /^frame=\s*(\d+)/.exec(line)?.[1];
    if (count !== undefined) onRequests?.(Number(count));
  });
  const done = await child;
  if (!done.failed) return;
  const lastLines = (done.stderr || done.originalMessage || "ffmpeg failed")
    .trim()
    .split("\n")
    .slice(-3)
    .join("; ");
  throw new SlbenchError<ToolErrorCode>("FRAMES_FFMPEG", `${what}: ${lastLines.slice(-300)}`, {
    hint,
    cause: done,
  });
}

/** Frames per second of a video as ffmpeg reads them; undefined if unknown. */
export async function readFrameRate(video: string): Promise<number | undefined> {
  // Without an output ffmpeg only describes the input, and calls that an error.
  const [command, given, confined] = await startFfmpeg(videoInput(video));
  const { stderr } = await execa(command, given, { ...confined, stdin: "ignore", timeout: 60_000 });
  const rate = Number(/Video:.*?, ([\d.]+) fps/.exec(stderr)?.[1]);
  return rate > 0 ? rate : undefined;
}
