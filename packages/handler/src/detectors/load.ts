import type { Backend, FaceDetector } from "../detector.ts";
import { HandlerError } from "../errors.ts";
import { noneDetector } from "./none.ts";

/** How each kind is loaded; what a kind needs is imported only when it is wanted. */
const loaders: Readonly<Record<"native" | "wasm", () => Promise<FaceDetector>>> = {
  native: async () => (await import("./native.ts")).createNativeDetector(),
  wasm: async () => (await import("./wasm.ts")).createWasmDetector(),
};

/**
 * Loads a detector. `auto` is native, else wasm with a line through `announce`.
 * @throws {HandlerError} DETECTOR_UNAVAILABLE when the one asked for cannot be had
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
      `WARNING: native TensorFlow cannot be loaded (${reason}); the wasm backend serves, several times slower`,
    );
    return load.wasm();
  }
}
