import type { Backend, FaceDetector } from "../detector.ts";
import { HandlerError } from "../errors.ts";
import { noneDetector } from "./none.ts";

/**
 * Loads a detector. `auto` is native, else wasm with a line through `announce`.
 * @throws {HandlerError} DETECTOR_UNAVAILABLE when the one asked for cannot be had
 */
export async function loadDetector(
  wanted: Backend | "auto",
  announce: (line: string) => void,
): Promise<FaceDetector> {
  if (wanted === "none") return noneDetector;
  if (wanted === "wasm") return loadWasm();
  try {
    const { createNativeDetector } = await import("./native.ts");
    return await createNativeDetector();
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
    return loadWasm();
  }
}

async function loadWasm(): Promise<FaceDetector> {
  const { createWasmDetector } = await import("./wasm.ts");
  return createWasmDetector();
}
