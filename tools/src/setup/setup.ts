import { fileURLToPath } from "node:url";
import { ensureFrames } from "../frames/frames.ts";
import { ensureClientExecutable } from "./client.ts";
import { ensureNativeTensorflow } from "./tensorflow.ts";

/** The clip that comes with slbench. */
export function sampleClip(): string {
  return fileURLToPath(new URL("../../../examples/clip/sample.mp4", import.meta.url));
}

/** Sets up whatever is missing; a second call finds everything in place. */
export async function setUpAll(): Promise<void> {
  await ensureNativeTensorflow();
  await ensureClientExecutable();
  await ensureFrames({ video: sampleClip(), format: "jpeg" });
}
