import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { requireDetector } from "./packages.ts";

/** One convolution: filter in TensorFlow's layout (height, width, in, out or multiplier), one bias per output. */
export interface Convolution {
  readonly shape: readonly number[];
  readonly filter: Float32Array;
  readonly bias: Float32Array;
  /** The filter as the package stores it, in the same layout; absent if it joins filters of different steps. */
  readonly stored?: StoredFilter;
}

/** 8-bit weights: the weight of a byte is (byte − zero) · step. */
export interface StoredFilter {
  readonly bytes: Uint8Array;
  readonly zero: number;
  /** One per output, or one for all; negative if batch normalisation turns the sign. */
  readonly steps: Float32Array;
}

/** Weights of SSD MobileNet v1, with batch normalisation folded into the depthwise filters. */
export interface SsdWeights {
  readonly stem: Convolution;
  /** MobileNet's 13 pairs of a depthwise and a pointwise convolution. */
  readonly pairs: readonly { readonly depthwise: Convolution; readonly pointwise: Convolution }[];
  /** SSD's 8 extra convolutions; every second one halves the map. */
  readonly extras: readonly Convolution[];
  /** One 1 × 1 convolution per map: per cell, the box codes of all anchors, then their class scores. */
  readonly heads: readonly Convolution[];
  /** Per anchor: top, left, bottom, right as fractions of the square. */
  readonly anchors: Float32Array;
}

interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly stored?: StoredFilter;
}

interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly quantization?: { readonly scale: number; readonly min: number };
}

/** Epsilon of the batch normalisation with which the network was trained. */
const EPSILON = 0.001;

/**
 * Reads the weights of SSD MobileNet v1 trained on WIDER FACE, as npm `@vladmandic/face-api` ships them
 * (MIT; 5.6 MB, a byte per weight).
 */
export async function readSsdWeights(): Promise<SsdWeights> {
  const folder = join(dirname(requireDetector().resolve("@vladmandic/face-api/package.json")), "model");
  const [manifest, bytes] = await Promise.all([
    readFile(join(folder, "ssd_mobilenetv1_model-weights_manifest.json"), "utf8"),
    readFile(join(folder, "ssd_mobilenetv1_model.bin")),
  ]);
  const [group] = JSON.parse(manifest) as readonly { readonly weights: readonly ManifestEntry[] }[];
  const tensors = readTensors(group?.weights ?? [], bytes);
  const get = (name: string): Tensor => {
    const found = tensors.get(name);
    if (found === undefined) throw new Error(`the weights lack ${name}`);
    return found;
  };
  const convolution = (prefix: string): Convolution => {
    const { shape, data, stored } = get(`${prefix}/weights`);
    return {
      shape,
      filter: data,
      bias: get(`${prefix}/convolution_bn_offset`).data,
      ...(stored && { stored }),
    };
  };
  return {
    stem: convolution("MobilenetV1/Conv2d_0_pointwise"),
    pairs: Array.from({ length: 13 }, (_, index) => ({
      depthwise: foldBatchNorm(get, `MobilenetV1/Conv2d_${index + 1}_depthwise`),
      pointwise: convolution(`MobilenetV1/Conv2d_${index + 1}_pointwise`),
    })),
    extras: Array.from({ length: 8 }, (_, index) => convolution(`Prediction/Conv2d_${index}_pointwise`)),
    heads: Array.from({ length: 6 }, (_, index) => joinHeads(get, `Prediction/BoxPredictor_${index}`)),
    anchors: get("Output/extra_dim").data,
  };
}

function readTensors(entries: readonly ManifestEntry[], bytes: Uint8Array): ReadonlyMap<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  let at = 0;
  for (const { name, shape, quantization } of entries) {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = new Float32Array(count);
    let stored: StoredFilter | undefined;
    if (quantization === undefined) {
      new Uint8Array(data.buffer).set(bytes.subarray(at, at + count * 4));
      at += count * 4;
    } else {
      const { scale, min } = quantization;
      for (let i = 0; i < count; i++) data[i] = (bytes[at + i] as number) * scale + min;
      // The packer moves `min` of weights to a whole number of steps, so that zero is exact.
      const zero = Math.round(-min / scale);
      stored = { bytes: bytes.subarray(at, at + count), zero, steps: Float32Array.of(scale) };
      at += count;
    }
    tensors.set(name, { shape, data, ...(stored && { stored }) });
  }
  return tensors;
}

/** y = gamma · (w·x − mean) / √(variance + ε) + beta becomes w′·x + bias. */
function foldBatchNorm(get: (name: string) => Tensor, prefix: string): Convolution {
  const { shape, data, stored } = get(`${prefix}/depthwise_weights`);
  const [gamma, beta, mean, variance] = ["gamma", "beta", "moving_mean", "moving_variance"].map(
    (name) => get(`${prefix}/BatchNorm/${name}`).data,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const scale = gamma.map((value, c) => value / Math.sqrt((variance[c] as number) + EPSILON));
  return {
    shape,
    filter: data.map((value, i) => value * (scale[i % scale.length] as number)),
    bias: beta.map((value, c) => value - (mean[c] as number) * (scale[c] as number)),
    ...(stored && {
      stored: { ...stored, steps: scale.map((value) => value * (stored.steps[0] as number)) },
    }),
  };
}

/** Concatenates a map's box and class predictors, so that one convolution computes both. */
function joinHeads(get: (name: string) => Tensor, prefix: string): Convolution {
  const parts = ["BoxEncodingPredictor", "ClassPredictor"].map((kind) => ({
    weights: get(`${prefix}/${kind}/weights`),
    biases: get(`${prefix}/${kind}/biases`).data,
  }));
  const [inputs = 0] = parts[0]?.weights.shape.slice(2) ?? [];
  const widths = parts.map(({ biases }) => biases.length);
  const outputs = widths.reduce((sum, width) => sum + width, 0);
  const filter = new Float32Array(inputs * outputs);
  const bias = new Float32Array(outputs);
  let column = 0;
  for (const { weights, biases } of parts) {
    for (let row = 0; row < inputs; row++) {
      filter.set(
        weights.data.subarray(row * biases.length, (row + 1) * biases.length),
        row * outputs + column,
      );
    }
    bias.set(biases, column);
    column += biases.length;
  }
  return { shape: [1, 1, inputs, outputs], filter, bias };
}
