import type { Convolution, SsdWeights } from "./ssd-weights.ts";

/** Side of the square that the network sees, in pixels. */
export const INPUT_SIZE = 512;

/** The operations that a runtime must provide; `Node` is a tensor, or a name in a graph. */
export interface NetworkOps<Node> {
  /** Convolution with SAME padding and bias, optionally clipped to 0..6 (relu6). */
  convolve(input: Node, weights: Convolution, stride: number, cut: boolean): Node;
  /** The same for each channel separately, clipped to 0..6. */
  convolveDepthwise(input: Node, weights: Convolution, stride: number): Node;
}

/**
 * SSD MobileNet v1: Liu et al. 2016 (SSD) on Howard et al. 2017 (MobileNet).
 * @param input 1 × 512 × 512 × 3, −1..1
 * @returns the six heads' outputs, 1 × n × n × 7a each: for a anchors per cell, 4a box codes and 3a class scores
 */
export function buildSsd<Node>(ops: NetworkOps<Node>, weights: SsdWeights, input: Node): readonly Node[] {
  const maps: Node[] = [];
  let x = ops.convolve(input, weights.stem, 2, true);
  weights.pairs.forEach(({ depthwise, pointwise }, index) => {
    const layer = index + 1;
    x = ops.convolveDepthwise(x, depthwise, [2, 4, 6, 12].includes(layer) ? 2 : 1);
    x = ops.convolve(x, pointwise, 1, true);
    if (layer === 11 || layer === 13) maps.push(x);
  });
  weights.extras.forEach((extra, index) => {
    const halving = index % 2 === 1;
    x = ops.convolve(x, extra, halving ? 2 : 1, true);
    if (halving) maps.push(x);
  });
  return maps.map((map, index) => ops.convolve(map, weights.heads[index] as Convolution, 1, false));
}
