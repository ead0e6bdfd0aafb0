import type { Face, Image } from "./picture/image.ts";

/**
 * What runs the network: ONNX Runtime in 8-bit integers or in floating point, libtensorflow, WebAssembly, or nothing (to
 * measure the rest of the function).
 */
export const BACKENDS = ["onnx-int8", "onnx", "native", "wasm", "none"] as const;
export type Backend = (typeof BACKENDS)[number];

/** Finds faces. */
export interface FaceDetector {
  readonly backend: Backend;
  /**
   * How many requests a process may handle at once; default 1. With a detector that blocks JavaScript it must be 1:
   * the end of one picture's decoding would be seen only after another one's network, as if it had taken so long.
   */
  readonly requestsAtOnce?: number;
  /**
   * Faces whose score is above the threshold (0..1), best first, clipped to the picture.
   * @param onWait told how many seconds of the call were spent waiting for other pictures
   */
  detect(image: Image, threshold: number, onWait?: (seconds: number) => void): Promise<readonly Face[]>;
}
