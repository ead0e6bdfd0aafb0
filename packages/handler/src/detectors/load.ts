import type { Backend, FaceDetector } from "../detector.ts";
import { HandlerError } from "../errors.ts";
import { noneDetector } from "./none.ts";

type LoadedBackend = Exclude<Backend, "none">;

/** Loaders by backend, fastest first; each imports its dependencies only when it is used. */
const loaders: Readonly<Record<LoadedBackend, () => Promise<FaceDetector>>> = {
  "onnx-int8": async () => (await import("./onnx.ts")).createOnnxDetector("onnx-int8"),
  onnx: async () => (await import("./onnx.ts")).createOnnxDetector("onnx"),
  native: async () => (await import("./native.ts")).createNativeDetector(),
  wasm: async () => (await import("./wasm.ts")).createWasmDetector(),
};

/**
 * Loads a detector. `auto` uses ONNX Runtime in 8-bit integers; if that cannot be loaded, in floating point, then native
 * TensorFlow, then wasm, and reports why through `announce`.
 * @throws {HandlerError} DETECTOR_UNAVAILABLE if the requested backend, or with `auto` none, can be loaded
 */
export async function loadDetector(
  wanted: Backend | "auto",
  announce: (line: string) => void,
  load = loaders,
): Promise<FaceDetector> {
  if (wanted === "none") return noneDetector;
  const order: readonly LoadedBackend[] =
    wanted === "auto" ? ["onnx-int8", "onnx", "native", "wasm"] : [wanted];
  const failures: string[] = [];
  let cause: unknown;
  for (const backend of order) {
    try {
      const detector = await load[backend]();
      if (failures.length > 0) {
        const slow = backend === "wasm" ? ", which is several times slower" : "";
        announce(`WARNING: cannot load ${failures.join(" or ")}; using the ${backend} backend${slow}`);
      }
      return detector;
    } catch (error) {
      failures.push(`the ${backend} backend (${firstLine(error)})`);
      cause = error;
    }
  }
  throw new HandlerError(
    "DETECTOR_UNAVAILABLE",
    500,
    `cannot load ${failures.join(" or ")}`,
    "run slbench setup",
    cause,
  );
}

const firstLine = (error: unknown): string =>
  error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
