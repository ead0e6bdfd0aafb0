import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as Tf from "@tensorflow/tfjs-core";
import type { Backend, FaceDetector } from "../detector.ts";
import { HandlerError } from "../errors.ts";
import { noneDetector } from "./none.ts";
import { createSsdDetector } from "./ssd.ts";
import { loadSsdWeights } from "./ssd-weights.ts";

/**
 * Loads a detector. `auto` is native, else wasm with a line through `announce`.
 * @throws {HandlerError} DETECTOR_UNAVAILABLE when the one asked for cannot be had
 */
export async function loadDetector(
  wanted: Backend | "auto",
  announce: (line: string) => void,
): Promise<FaceDetector> {
  if (wanted === "none") return noneDetector;
  if (wanted === "wasm") return create(await loadWasm(), "wasm");
  try {
    return await create(loadNative(), "native");
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    if (wanted === "native") {
      throw new HandlerError(
        "DETECTOR_UNAVAILABLE",
        500,
        `the native backend cannot be loaded: ${reason}`,
        "run slbench setup",
        cause,
      );
    }
    announce(
      `WARNING: native TensorFlow cannot be loaded (${reason}); the wasm backend serves, about 4 times slower`,
    );
    return create(await loadWasm(), "wasm");
  }
}

async function create(tf: typeof Tf, backend: Backend): Promise<FaceDetector> {
  return createSsdDetector(tf, await loadSsdWeights(tf), backend);
}

function loadNative(): typeof Tf {
  // libtensorflow tells its life story on stderr otherwise
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  const require = createRequire(import.meta.url);
  // tfjs-node 4.22 uses what Node 24 took away.
  const util = require("node:util") as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === undefined || value === null;
  util.isArray ??= Array.isArray;
  return require("@tensorflow/tfjs-node") as typeof Tf;
}

async function loadWasm(): Promise<typeof Tf> {
  const require = createRequire(import.meta.url);
  const tf = require("@tensorflow/tfjs-core") as typeof Tf;
  const wasm = require("@tensorflow/tfjs-backend-wasm") as typeof import("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(
    `${join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist")}/`,
  );
  await tf.setBackend("wasm");
  await tf.ready();
  return tf;
}
