import type * as Tf from "@tensorflow/tfjs-core";
import type { Backend, FaceDetector } from "../detector.ts";
import type { Face, Image } from "../image.ts";
import { suppressOverlaps } from "./overlaps.ts";

const INPUT = 512;
const MAX_FACES = 100;
const EPSILON = 0.0010000000474974513;

/**
 * SSD MobileNet v1 on 512 × 512 pixels, the picture padded to a square with black on the right or below.
 * The structure is that of Liu et al. 2016 (SSD) on Howard et al. 2017 (MobileNet); the weights are face-api's.
 */
export function createSsdDetector(tf: typeof Tf, weights: Tf.NamedTensorMap, backend: Backend): FaceDetector {
  const weight = <T extends Tf.Tensor>(name: string): T => {
    const found = weights[name];
    if (found === undefined) throw new Error(`the weights lack ${name}`);
    return found as T;
  };

  /** Batch normalisation folded into the depthwise filters once: one multiplication less per layer. */
  const depthwise = Array.from({ length: 13 }, (_, index) => {
    const prefix = `MobilenetV1/Conv2d_${index + 1}_depthwise`;
    return tf.tidy(() => {
      const scale = tf.div(
        weight<Tf.Tensor1D>(`${prefix}/BatchNorm/gamma`),
        tf.sqrt(tf.add(weight(`${prefix}/BatchNorm/moving_variance`), EPSILON)),
      );
      const filters = tf.mul(
        weight<Tf.Tensor4D>(`${prefix}/depthwise_weights`),
        tf.reshape(scale, [1, 1, -1, 1]),
      );
      const offset = tf.sub(
        weight(`${prefix}/BatchNorm/beta`),
        tf.mul(weight(`${prefix}/BatchNorm/moving_mean`), scale),
      );
      return { filters: tf.keep(filters as Tf.Tensor4D), offset: tf.keep(offset) };
    });
  });

  const pointwise = (x: Tf.Tensor4D, prefix: string, stride: number): Tf.Tensor4D =>
    tf.fused.conv2d({
      x,
      filter: weight<Tf.Tensor4D>(`${prefix}/weights`),
      strides: stride,
      pad: "same",
      bias: weight(`${prefix}/convolution_bn_offset`),
      activation: "relu6",
    });

  const separable = (x: Tf.Tensor4D, layer: number): Tf.Tensor4D => {
    const part = depthwise[layer - 1] as (typeof depthwise)[number];
    const spread = tf.fused.depthwiseConv2d({
      x,
      filter: part.filters,
      strides: [2, 4, 6, 12].includes(layer) ? 2 : 1,
      pad: "same",
      bias: part.offset,
      activation: "relu6",
    });
    return pointwise(spread, `MobilenetV1/Conv2d_${layer}_pointwise`, 1);
  };

  const predictor = (x: Tf.Tensor4D, index: number, kind: string, width: number): Tf.Tensor2D => {
    const prefix = `Prediction/BoxPredictor_${index}/${kind}`;
    const out = tf.fused.conv2d({
      x,
      filter: weight<Tf.Tensor4D>(`${prefix}/weights`),
      strides: 1,
      pad: "same",
      bias: weight(`${prefix}/biases`),
    });
    return tf.reshape(out, [-1, width]);
  };

  /** Box encodings [n, 4] and face scores [n] for one picture. */
  const forward = (picture: Tf.Tensor3D): { encodings: Tf.Tensor2D; scores: Tf.Tensor1D } => {
    const [height, width] = picture.shape;
    const side = Math.max(height, width);
    const square = tf.pad3d(picture, [
      [0, side - height],
      [0, side - width],
      [0, 0],
    ]);
    const small = tf.image.resizeBilinear(square, [INPUT, INPUT], false, false);
    let x = tf.expandDims(tf.sub(tf.div(small, 127.5), 1)) as Tf.Tensor4D;
    x = pointwise(x, "MobilenetV1/Conv2d_0_pointwise", 2);
    const maps: Tf.Tensor4D[] = [];
    for (let layer = 1; layer <= 13; layer++) {
      x = separable(x, layer);
      if (layer === 11 || layer === 13) maps.push(x);
    }
    for (let layer = 0; layer < 8; layer++) {
      x = pointwise(x, `Prediction/Conv2d_${layer}_pointwise`, layer % 2 === 0 ? 1 : 2);
      if (layer % 2 === 1) maps.push(x);
    }
    const encodings = tf.concat(maps.map((map, index) => predictor(map, index, "BoxEncodingPredictor", 4)));
    const classes = tf.concat(maps.map((map, index) => predictor(map, index, "ClassPredictor", 3)));
    return { encodings, scores: tf.reshape(tf.sigmoid(tf.slice(classes, [0, 1], [-1, 1])), [-1]) };
  };

  /** Anchors as [top, left, bottom, right] in shares of the square. */
  const anchors = weight("Output/extra_dim").dataSync() as Float32Array;

  return {
    backend,
    async detect(image, threshold) {
      const { encodings, scores } = tf.tidy(() =>
        forward(tf.tensor3d(image.data, [image.height, image.width, 3], "int32") as Tf.Tensor3D),
      );
      const [codes, values] = await Promise.all([encodings.data(), scores.data()]);
      tf.dispose([encodings, scores]);
      return decodeFaces(codes as Float32Array, values as Float32Array, anchors, image, threshold);
    },
  };
}

/** Encodings → boxes of the faces above the threshold, best first, in whole pixels. */
function decodeFaces(
  codes: Float32Array,
  scores: Float32Array,
  anchors: Float32Array,
  image: Image,
  threshold: number,
): readonly Face[] {
  const at = (array: Float32Array, index: number) => array[index] as number;
  const candidates = [];
  for (let i = 0; i < scores.length; i++) {
    const score = at(scores, i);
    if (score <= threshold) continue;
    const [top, left] = [at(anchors, i * 4), at(anchors, i * 4 + 1)];
    const [height, width] = [at(anchors, i * 4 + 2) - top, at(anchors, i * 4 + 3) - left];
    const centerY = (at(codes, i * 4) / 10) * height + top + height / 2;
    const centerX = (at(codes, i * 4 + 1) / 10) * width + left + width / 2;
    const halfHeight = (Math.exp(at(codes, i * 4 + 2) / 5) * height) / 2;
    const halfWidth = (Math.exp(at(codes, i * 4 + 3) / 5) * width) / 2;
    candidates.push({
      top: centerY - halfHeight,
      left: centerX - halfWidth,
      bottom: centerY + halfHeight,
      right: centerX + halfWidth,
      score,
    });
  }
  const side = Math.max(image.width, image.height);
  return suppressOverlaps(candidates, MAX_FACES, 0.5).flatMap((found) => {
    const x = Math.round(Math.max(0, found.left) * side);
    const y = Math.round(Math.max(0, found.top) * side);
    const right = Math.min(image.width, Math.round(found.right * side));
    const bottom = Math.min(image.height, Math.round(found.bottom * side));
    if (right <= x || bottom <= y) return []; // in the padding
    return [{ x, y, width: right - x, height: bottom - y, score: found.score }];
  });
}
