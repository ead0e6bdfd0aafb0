import { chmod } from "node:fs/promises";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { ToolError } from "../errors.ts";

/** Path of the ffmpeg inside the npm package, which comes without the run bit. */
export async function findFfmpeg(): Promise<string> {
  const { path } = createRequire(import.meta.url)("@ffmpeg-installer/ffmpeg") as { path: string };
  await chmod(path, 0o755).catch(() => {}); // a read-only installation has it set, or the start says why not
  return path;
}

export interface FfmpegRun {
  readonly args: readonly string[];
  /** What failed, for the error: `cannot cut clip.mp4`. */
  readonly what: string;
  /** What to look at then. */
  readonly hint: string;
  readonly input?: Readable;
  /** Called with the number of frames done, a few times a second. */
  readonly onRequests?: (count: number) => void;
}

/**
 * Runs ffmpeg to its end.
 * @throws {ToolError} FRAMES_FFMPEG with ffmpeg's last words
 */
export async function runFfmpeg({ args, what, hint, input, onRequests }: FfmpegRun): Promise<void> {
  const common = ["-hide_banner", "-loglevel", "error", "-progress", "pipe:1", "-y"];
  const child = execa(await findFfmpeg(), [...common, ...args], {
    ...{ reject: false, buffer: { stdout: false }, timeout: 3_600_000 },
    ...(input === undefined ? { stdin: "ignore" as const } : { input }),
  });
  const lines = createInterface({ input: child.stdout as Readable });
  lines.on("line", (line) => {
    const count = /^frame=\s*(\d+)/.exec(line)?.[1];
    if (count !== undefined) onRequests?.(Number(count));
  });
  const done = await child;
  if (!done.failed) return;
  const said = (done.stderr || done.originalMessage || "ffmpeg failed")
    .trim()
    .split("\n")
    .slice(-3)
    .join("; ");
  throw new ToolError("FRAMES_FFMPEG", `${what}: ${said.slice(-300)}`, { hint, cause: done });
}

/** Frames per second of a video as ffmpeg reads them, or undefined when it does not say. */
export async function readFrameRate(video: string): Promise<number | undefined> {
  // Without an output ffmpeg only describes the input, and calls that an error.
  const { stderr } = await execa(await findFfmpeg(), ["-hide_banner", "-i", video], {
    ...{ reject: false, stdin: "ignore", timeout: 60_000 },
  });
  const rate = Number(/Video:.*?, ([\d.]+) fps/.exec(stderr)?.[1]);
  return rate > 0 ? rate : undefined;
}
