import type { Backend, FaceDetector } from "../detector.ts";
import { HandlerError } from "../errors.ts";
import { noneDetector } from "./none.ts";

/** Loaders by backend; each imports its dependencies only when it is used. */
const loaders: Readonly<Record<"native" | "wasm", () => Promise<FaceDetector>>> = {
  native: async () => (await import("./native.ts")).createNativeDetector(),
  wasm: async () => (await import("./wasm.ts")).createWasmDetector(),
};

/**
 * Loads a detector. `auto` uses native, or else wasm with a warning through `announce`.
 * @throws {HandlerError} DETECTOR_UNAVAILABLE if the requested backend cannot be loaded
 */
export async function loadDetector(
  wanted: Backend | "auto",
  announce: (line: string) => void,
  load = loaders,
): Promise<FaceDetector> {
  if (wanted === "none") return noneDetector;
  if (wanted === "wasm") return load.wasm();
  try {
    return await load.native();
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
      `WARNING: native TensorFlow cannot be loaded (${reason}); using the wasm backend, which is several times slower`,
    );
    return load.wasm();
  }
}
