import { type Command, Option } from "commander";
import { positiveNumber } from "./numbers.ts";

interface VideoOptions {
  readonly out: string;
  readonly fps?: number;
  readonly like?: string;
}

export function registerVideo(program: Command): void {
  program
    .command("video")
    .argument("<dir>", "folder of frames that slbench-client --output wrote")
    .description("Join the blurred frames into a video (H.264)")
    .requiredOption("--out <file>", "video to write, for example blurred.mp4")
    .option("--fps <n>", "frames per second (default: as the frames were cut, else 25)", positiveNumber)
    .addOption(new Option("--like <video>", "use the frame rate of this video").conflicts("fps"))
    .addHelpText(
      "after",
      `
Example:
  slbench-client --url http://127.0.0.1:8080/function/slblur \\
    --frames frames --output blurred
  slbench video blurred --out blurred.mp4`,
    )
    .action(async (folder: string, { out, fps, like }: VideoOptions) => {
      const { makeVideo } = await import("../frames/video.ts");
      const video = await makeVideo({
        ...{ folder, out },
        ...(fps !== undefined && { fps }),
        ...(like !== undefined && { like }),
      });
      const seconds = (video.frames / video.framesPerSecond).toFixed(2);
      process.stdout.write(
        `${video.path}: ${video.frames} frames, ${video.framesPerSecond} per second, ${seconds} s\n`,
      );
      const some = (all: readonly (string | number)[]) =>
        `${all.slice(0, 10).join(", ")}${all.length > 10 ? ", …" : ""}`;
      if (video.broken.length > 0)
        process.stderr.write(`slbench: skipped files that are not pictures: ${some(video.broken)}\n`);
      if (video.missing.length > 0)
        process.stderr.write(
          `slbench: ${video.missing.length} frames are missing (${some(video.missing)}): not sent, or no response\n`,
        );
    });
}
