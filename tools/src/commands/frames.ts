import { type Command, InvalidArgumentError, Option } from "commander";
import { positiveInteger, positiveNumber } from "./numbers.ts";

interface FramesOptions {
  readonly out: string;
  readonly fps?: number;
  readonly max?: number;
  readonly size?: string;
  readonly format: "jpeg" | "png";
}

/** ffmpeg's own limit is slightly higher. */
const MAX_PIXELS = 16_000;

export function registerFrames(program: Command): void {
  program
    .command("frames <video>")
    .description("Cut a video into upright frames with a manifest (cached)")
    .requiredOption("--out <dir>", "folder for the frames")
    .option("--fps <n>", "frames per second of video time (default: every frame)", positiveNumber)
    .option("--max <n>", "maximum number of frames", positiveInteger)
    .option("--size <WxH>", "resize to this size (default: the video's size)", parseSize)
    .addOption(new Option("--format <format>", "file format").choices(["jpeg", "png"]).default("jpeg"))
    .addHelpText(
      "after",
      `
Examples:
  slbench frames examples/clip/sample.mp4 --out frames
  slbench frames holiday.mov --out frames --fps 5 --max 37 --format png`,
    )
    .action(async (video: string, { out, ...how }: FramesOptions) => {
      const { ensureFrames } = await import("../frames/frames.ts");
      const { exportFrames } = await import("../frames/export-frames.ts");
      const { fileOrExample } = await import("../files/examples.ts");
      const cut = await ensureFrames({ video: fileOrExample(video), ...how });
      const folder = await exportFrames(cut, out);
      const { frames, widthPx, heightPx } = cut.manifest;
      process.stdout.write(`${frames.length} frames of ${widthPx} × ${heightPx} in ${folder}\n`);
    });
}

function parseSize(text: string): string {
  const sides = /^([1-9]\d*)x([1-9]\d*)$/.exec(text)?.slice(1) ?? [];
  if (sides.length === 2 && sides.every((side) => Number(side) <= MAX_PIXELS)) return text;
  throw new InvalidArgumentError(
    `Give width and height in pixels, at most ${MAX_PIXELS} each, for example 1308x888.`,
  );
}
