import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { GatewayOptions } from "@slbench/handler";
import { exists } from "../files/exists.ts";
import { checkModelWeights } from "./model-weights.ts";
import { ensurePackages, faceDetector } from "./optional-packages.ts";
import { type SetupLog, stderrLog } from "./steps.ts";
import { ensureNativeTensorflow } from "./tensorflow.ts";

export interface Detector {
  /** What runs the network, for messages. */
  readonly title: string;
  /** A file of the folder that resolves the detector's packages; absent if no detector is used. */
  readonly packages?: string;
}

/**
 * Sets up what the face-blur function needs for a backend. `auto` sets up ONNX Runtime, and wasm, on which it falls back.
 * @throws {SlbenchError} SETUP_NO_PACKAGES, SETUP_NO_NATIVE, SETUP_CHANGED
 */
export async function ensureDetector(
  backend: GatewayOptions["backend"] = "auto",
  log: SetupLog = stderrLog,
): Promise<Detector> {
  if (backend === "none") return { title: "the none backend" };
  const packages = await ensurePackages(faceDetector(backend === "auto" ? ["onnx", "wasm"] : [backend]), log);
  await checkModelWeights(packages, log);
  if (backend === "native") await ensureNativeTensorflow(packages, log);
  if (backend !== "auto") return { packages, title: `the ${backend} backend` };
  if (await hasOnnxBinary(packages))
    return {
      packages,
      title: "the onnx-int8 backend, or onnx if the processor cannot add 8-bit products exactly",
    };
  log.warn(
    `setup: WARNING: ONNX Runtime has no binary for ${process.platform} ${process.arch}: the function will use the wasm backend, which is several times slower; results record this.`,
  );
  return { packages, title: "the wasm backend" };
}

function hasOnnxBinary(packages: string): Promise<boolean> {
  const folder = dirname(createRequire(packages).resolve("onnxruntime-node/package.json"));
  return exists(join(folder, "bin", "napi-v6", process.platform, process.arch, "onnxruntime_binding.node"));
}
