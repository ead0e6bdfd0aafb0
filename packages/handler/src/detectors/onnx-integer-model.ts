import {
  convolutionAttributes,
  createOnnxGraph,
  filterShape,
  type OnnxGraph,
  type OnnxModel,
  transpose,
} from "./onnx-graph.ts";
import { floatOps } from "./onnx-model.ts";
import { buildSsd } from "./ssd-network.ts";
import type { Convolution, SsdWeights } from "./ssd-weights.ts";

/** Tensors between convolutions are cut to 0..6, so a byte of this step holds each of them without calibration. */
const STEP = 6 / 255;
/** Largest amount of a signed byte as a weight. */
const MAX_WEIGHT = 127;
/** Largest amount of a bias, which leaves the other half of 32 bits to the sums. */
const MAX_BIAS = 2 ** 30;
/** Smallest step of a channel whose weights and bias are all 0. */
const MIN_STEP = 2 ** -60;

/**
 * Convolutions at the start that stay in floating point. Their maps are large and have few channels, so integers save
 * little time there, but rounding them shifts scores the most.
 */
const FLOAT_CONVOLUTIONS = 5;

/**
 * Writes the network in 8-bit integers, from the sixth convolution to the last one before the heads. Their weights are
 * the bytes of the package (docs/decisions/native-detector.md).
 * @returns a model with the input and the outputs of `writeOnnxModel`
 */
export function writeIntegerModel(weights: SsdWeights): OnnxModel {
  const graph = createOnnxGraph();
  const float = floatOps(graph);
  const integer = integerOps(graph);
  let count = 0;
  const convolve = (x: string, part: Convolution, stride: number, groups: number): string => {
    if (++count > FLOAT_CONVOLUTIONS) return integer.convolve(x, part, stride, groups);
    const sums = float.cut(float.convolve(x, part, stride, groups));
    return count === FLOAT_CONVOLUTIONS ? integer.fromFloat(sums) : sums;
  };
  const heads = buildSsd<string>(
    {
      convolve: (x, part, stride, isCut) =>
        isCut ? convolve(x, part, stride, 1) : float.convolve(integer.toFloat(x), part, stride, 1),
      convolveDepthwise: (x, part, stride) => convolve(x, part, stride, part.bias.length),
    },
    weights,
    graph.input,
  );
  return graph.finish(heads);
}

/** The operations on bytes that stand for 0..6; a convolution also cuts its result to 0..6. */
function integerOps({ add, constant }: OnnxGraph): {
  convolve(x: string, part: Convolution, stride: number, groups: number): string;
  fromFloat(x: string): string;
  toFloat(x: string): string;
} {
  const coding = [constant([], Float32Array.of(STEP)), constant([], Uint8Array.of(0))];
  return {
    convolve(x, part, stride, groups) {
      const { filter, steps, bias } = toSignedBytes(part);
      const inputs = [
        ...[x, ...coding],
        constant(filterShape(part, groups), filter),
        constant([steps.length], steps),
        constant([steps.length], new Int8Array(steps.length)),
        ...coding,
        constant([bias.length], bias),
      ];
      return add("QLinearConv", inputs, convolutionAttributes(stride, groups));
    },
    fromFloat: (x) => add("QuantizeLinear", [x, ...coding]),
    toFloat: (x) => add("DequantizeLinear", [x, ...coding]),
  };
}

interface SignedFilter {
  /** In ONNX's order. */
  readonly filter: Int8Array;
  /** The value of a weight of 1, by output. */
  readonly steps: Float32Array;
  /** In units of a weight's step times the input's. */
  readonly bias: Int32Array;
}

/**
 * A stored filter in signed bytes. Nearly all outputs keep their weights exactly. Those with a weight beyond ±127, one
 * or two per convolution, get a larger step; what rounding one weight loses goes to the next one, so that their sum,
 * the response to an even surface, stays. So do those without weights to speak of, whose bias needs a larger step.
 * @throws {Error} if the filter is not stored in bytes
 */
export function toSignedBytes(part: Convolution): SignedFilter {
  const { stored, bias: floatBias } = part;
  if (stored === undefined) throw new Error("the filter is not stored in bytes");
  const outputs = floatBias.length;
  const bytes = transpose(stored.bytes, part, new Uint8Array(stored.bytes.length));
  const filter = new Int8Array(bytes.length);
  const steps = new Float32Array(outputs);
  const bias = new Int32Array(outputs);
  const size = filter.length / outputs;
  for (let o = 0; o < outputs; o++) {
    const signedStep = stored.steps[stored.steps.length === 1 ? 0 : o] as number;
    let largest = 0;
    for (let k = o * size; k < (o + 1) * size; k++) {
      largest = Math.max(largest, Math.abs((bytes[k] as number) - stored.zero));
    }
    const step = Math.max(
      Math.abs(signedStep) * Math.max(1, largest / MAX_WEIGHT),
      Math.abs(floatBias[o] as number) / STEP / MAX_BIAS,
      MIN_STEP,
    );
    const ratio = signedStep / step;
    let lost = 0;
    for (let k = o * size; k < (o + 1) * size; k++) {
      const exact = ((bytes[k] as number) - stored.zero) * ratio + lost;
      const rounded = Math.max(-MAX_WEIGHT, Math.min(MAX_WEIGHT, Math.round(exact)));
      filter[k] = rounded;
      lost = exact - rounded;
    }
    steps[o] = step;
    bias[o] = Math.round((floatBias[o] as number) / (STEP * step));
  }
  return { filter, steps, bias };
}

/** A channel count that fills the vector registers, and the size of the picture of `writeProbe`. */
export const [PROBE_CHANNELS, PROBE_SIZE] = [64, 8];
/** What the probe's output is if the runtime adds without overflow. */
export const PROBE_RESULT = 3;

/**
 * Writes a convolution of the largest bytes with the largest weights. x86-64 processors without VNNI add pairs of
 * products in 16 bits, which cuts such sums; their results would be wrong.
 */
export function writeProbe(): OnnxModel {
  const graph = createOnnxGraph([PROBE_CHANNELS, PROBE_SIZE, PROBE_SIZE]);
  const { fromFloat, toFloat, convolve } = integerOps(graph);
  const length = PROBE_CHANNELS ** 2;
  const part: Convolution = {
    shape: [1, 1, PROBE_CHANNELS, PROBE_CHANNELS],
    filter: new Float32Array(length),
    bias: new Float32Array(PROBE_CHANNELS),
    stored: {
      bytes: new Uint8Array(length).fill(MAX_WEIGHT),
      zero: 0,
      steps: Float32Array.of(PROBE_RESULT / (6 * MAX_WEIGHT * PROBE_CHANNELS)),
    },
  };
  return graph.finish([toFloat(convolve(fromFloat(graph.input), part, 1, 1))]);
}
