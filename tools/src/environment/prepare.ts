import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Experiment } from "@slbench/jmeter-plans";
import { ToolError } from "../errors.ts";
import { ensureFrames } from "../frames/frames.ts";
import { findJMeter, type JMeter } from "../jmeter/home.ts";
import { type ClientExecutable, ensureClientExecutable } from "../setup/client.ts";
import type { SetupLog } from "../setup/steps.ts";

/** Everything on this machine that the cells of a run share. */
export interface Prepared {
  readonly jmeter: JMeter;
  readonly client: ClientExecutable;
  readonly frames: FrameFolder;
}

export interface FrameFolder {
  readonly folder: string;
  readonly names: readonly string[];
  /** One hash over all frames, if slbench cut them. */
  readonly sha256?: string;
  /** Of the video, if there is one. */
  readonly videoSha256?: string;
}

const sampleClip = fileURLToPath(new URL("../../../examples/clip/sample.mp4", import.meta.url));

/** Sets up what is missing: JMeter, the client's executable, the frames. */
export async function prepare(experiment: Experiment, file: string, log: SetupLog): Promise<Prepared> {
  const steps = [
    findJMeter(log),
    ensureClientExecutable(log),
    findFrames(experiment, dirname(resolve(file)), log),
  ] as const;
  await Promise.allSettled(steps); // so that an error is printed last
  const [jmeter, client, frames] = await Promise.all(steps);
  return { jmeter, client, frames };
}

/** @throws {ToolError} FRAMES_NONE if the frame folder has no frames; errors of ensureFrames */
export async function findFrames(experiment: Experiment, base: string, log: SetupLog): Promise<FrameFolder> {
  if (experiment.frames !== undefined) {
    const folder = resolve(base, experiment.frames);
    const names = (await readdir(folder).catch(() => []))
      .filter((name) => /\.(jpe?g|png)$/i.test(name))
      .sort();
    if (names.length === 0) {
      throw new ToolError("FRAMES_NONE", `the experiment's frames folder ${folder} holds no JPEG or PNG`, {
        hint: "fix `frames:` in the experiment, or name a `video:` instead",
        exitCode: 2,
      });
    }
    return { folder, names };
  }
  const named = experiment.video ?? "sample";
  const video = named === "sample" ? sampleClip : resolve(base, named);
  const cut = await ensureFrames({ video, format: "jpeg", max: experiment.requestsPerUser }, log);
  return {
    folder: cut.folder,
    names: cut.manifest.frames.map((frame) => frame.name),
    sha256: cut.manifest.framesSha256,
    videoSha256: cut.manifest.videoSha256,
  };
}

/** The first frame, for probing. */
export const firstFrame = (frames: FrameFolder): string => join(frames.folder, frames.names[0] ?? "");
