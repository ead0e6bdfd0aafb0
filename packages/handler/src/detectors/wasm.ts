import { dirname, join } from "node:path";
import type * as Tf from "@tensorflow/tfjs-core";
import type { FaceDetector } from "../detector.ts";
import { decodeFaces } from "./decode-faces.ts";
import { letterbox } from "./letterbox.ts";
import { requireDetector } from "./packages.ts";
import { buildSsd, INPUT_SIZE, type NetworkOps } from "./ssd-network.ts";
import { type Convolution, readSsdWeights } from "./ssd-weights.ts";
import { withWasmThreads } from "./wasm-threads.ts";

/** A detector that reports its use of the machine. */
export interface WasmDetector extends FaceDetector {
  readonly backend: "wasm";
  readonly simd: boolean;
  readonly threads: number;
  countTensors(): number;
}

/**
 * The network on tfjs-backend-wasm, for platforms without the native addon. Uses all cores, and vector
 * instructions if the machine has them (docs/decisions/wasm-threads.md).
 */
export async function createWasmDetector(): Promise<WasmDetector> {
  const require = requireDetector();
  const tf = require("@tensorflow/tfjs-core") as typeof Tf;
  const wasm = require("@tensorflow/tfjs-backend-wasm") as typeof import("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(
    `${join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist")}/`,
  );
  await withWasmThreads(tf, wasm, async () => {
    await tf.setBackend("wasm");
    await tf.ready();
  });
  const weights = await readSsdWeights();
  const ops = tensorOps(tf);
  return {
    backend: "wasm",
    simd: (await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) === true,
    threads: wasm.getThreadsCount(),
    async detect(image, threshold) {
      const outputs = tf.tidy(() => [
        ...buildSsd(ops, weights, tf.tensor4d(letterbox(image, INPUT_SIZE), [1, INPUT_SIZE, INPUT_SIZE, 3])),
      ]);
      const heads = outputs.map((output) => output.dataSync() as Float32Array);
      tf.dispose(outputs);
      return decodeFaces(heads, weights.anchors, image, threshold);
    },
    countTensors: () => tf.memory().numTensors,
  };
}

/** Converts weights to tensors on first use and keeps them. */
function tensorOps(tf: typeof Tf): NetworkOps<Tf.Tensor4D> {
  const tensors = new Map<Convolution, { readonly filter: Tf.Tensor4D; readonly bias: Tf.Tensor1D }>();
  const tensorsOf = (part: Convolution) => {
    const known = tensors.get(part);
    if (known !== undefined) return known;
    const made = {
      filter: tf.keep(tf.tensor4d(part.filter, part.shape as [number, number, number, number])),
      bias: tf.keep(tf.tensor1d(part.bias)),
    };
    tensors.set(part, made);
    return made;
  };
  return {
    convolve: (x, part, stride, cut) =>
      tf.fused.conv2d({
        x,
        ...tensorsOf(part),
        strides: stride,
        pad: "same",
        activation: cut ? "relu6" : "linear",
      }),
    convolveDepthwise: (x, part, stride) =>
      tf.fused.depthwiseConv2d({ x, ...tensorsOf(part), strides: stride, pad: "same", activation: "relu6" }),
  };
}
