import type { Face, Image } from "./image.ts";

/** What runs the network: libtensorflow, WebAssembly, or nothing (to measure the rest of the function). */
export type Backend = "native" | "wasm" | "none";

/** Finds faces. One call at a time per detector. */
export interface FaceDetector {
  readonly backend: Backend;
  /** Faces whose score is above the threshold (0..1), best first, clipped to the picture. */
  detect(image: Image, threshold: number): Promise<readonly Face[]>;
}
