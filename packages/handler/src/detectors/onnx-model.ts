import {
  convolutionAttributes,
  createOnnxGraph,
  filterShape,
  type OnnxGraph,
  type OnnxModel,
  transpose,
} from "./onnx-graph.ts";
import { buildSsd } from "./ssd-network.ts";
import type { Convolution, SsdWeights } from "./ssd-weights.ts";

/**
 * Writes the network as an ONNX model. Its input is 1 × 3 × 512 × 512; its outputs are laid out as those of
 * `buildSsd`.
 */
export function writeOnnxModel(weights: SsdWeights): OnnxModel {
  const graph = createOnnxGraph();
  const { convolve, cut } = floatOps(graph);
  const heads = buildSsd<string>(
    {
      convolve: (x, part, stride, isCut) => {
        const sums = convolve(x, part, stride, 1);
        return isCut ? cut(sums) : sums;
      },
      convolveDepthwise: (x, part, stride) => cut(convolve(x, part, stride, part.bias.length)),
    },
    weights,
    graph.input,
  );
  return graph.finish(heads);
}

/** The network's operations in floating point: convolution with bias, and the cut to 0..6. */
export function floatOps({ add, constant }: OnnxGraph): {
  convolve(x: string, part: Convolution, stride: number, groups: number): string;
  cut(x: string): string;
} {
  const limits = [0, 6].map((limit) => constant([], Float32Array.of(limit)));
  return {
    convolve(x, part, stride, groups) {
      const filter = transpose(part.filter, part, new Float32Array(part.filter.length));
      return add(
        "Conv",
        [x, constant(filterShape(part, groups), filter), constant([part.bias.length], part.bias)],
        convolutionAttributes(stride, groups),
      );
    },
    cut: (x) => add("Clip", [x, ...limits]),
  };
}
