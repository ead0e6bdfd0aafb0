import { floats, type Message, message, nested, number, numbers, text, wrap } from "./protobuf.ts";
import { buildSsd, INPUT_SIZE } from "./ssd-network.ts";
import type { Convolution, SsdWeights } from "./ssd-weights.ts";

/** An ONNX model with the names of its inputs and outputs. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly input: string;
  readonly outputs: readonly string[];
}

/** TensorProto's data type float32. */
const FLOAT = 1;
/** AttributeProto's types. */
const [INT, STRING, INTS] = [2, 3, 7];
/** The versions of the file format and of the operators that onnxruntime 1.30 and 1.6 (of 2020) alike can read. */
const IR_VERSION = 7;
const OPSET = 13;

/**
 * Writes the network as an ONNX model. Its input is 1 × 3 × 512 × 512; its outputs are laid out as those of
 * `buildSsd`.
 * @see https://github.com/onnx/onnx: onnx.proto
 */
export function writeOnnxModel(weights: SsdWeights): OnnxModel {
  const nodes: Message[] = [];
  const constants: Message[] = [];
  const constant = (shape: readonly number[], values: Float32Array): string => {
    const name = `constant_${constants.length}`;
    constants.push(message([numbers(1, shape), number(2, FLOAT), text(8, name), floats(9, values)]));
    return name;
  };
  const add = (op: string, inputs: readonly string[], attributes: readonly Message[] = []): string => {
    const name = `${op}_${nodes.length}`;
    nodes.push(
      message([
        ...inputs.map((input) => text(1, input)),
        text(2, name),
        text(4, op),
        ...attributes.map((attribute) => wrap(5, attribute)),
      ]),
    );
    return name;
  };
  const limits = [0, 6].map((limit) => constant([], Float32Array.of(limit)));
  const clip = (x: string) => add("Clip", [x, ...limits]);
  const convolution = (x: string, part: Convolution, stride: number, groups: number) =>
    add(
      "Conv",
      [x, constant(filterShape(part, groups), transpose(part)), constant([part.bias.length], part.bias)],
      [
        message([text(1, "auto_pad"), text(4, "SAME_UPPER"), number(20, STRING)]),
        message([text(1, "strides"), numbers(8, [stride, stride]), number(20, INTS)]),
        message([text(1, "group"), number(3, groups), number(20, INT)]),
      ],
    );
  const input = "picture";
  const heads = buildSsd<string>(
    {
      convolve: (x, part, stride, cut) => {
        const sums = convolution(x, part, stride, 1);
        return cut ? clip(sums) : sums;
      },
      convolveDepthwise: (x, part, stride) => clip(convolution(x, part, stride, part.bias.length)),
    },
    weights,
    input,
  );
  const channelsLast = message([text(1, "perm"), numbers(8, [0, 2, 3, 1]), number(20, INTS)]);
  const outputs = heads.map((head) => add("Transpose", [head], [channelsLast]));
  const graph = [
    ...nodes.map((node) => wrap(1, node)),
    text(2, "ssd_mobilenetv1"),
    ...constants.map((tensor) => wrap(5, tensor)),
    nested(11, value(input, [1, 3, INPUT_SIZE, INPUT_SIZE])),
    ...outputs.map((output) => nested(12, value(output))),
  ];
  const model = message([number(1, IR_VERSION), nested(7, graph), nested(8, [number(2, OPSET)])]);
  return { bytes: Buffer.concat(model.pieces), input, outputs };
}

function value(name: string, shape: readonly number[] = []): readonly Message[] {
  const dims = shape.map((size) => nested(1, [number(1, size)]));
  const tensor = [number(1, FLOAT), ...(dims.length > 0 ? [nested(2, dims)] : [])];
  return [text(1, name), nested(2, [nested(1, tensor)])];
}

/** ONNX's order: output, input of a group, height, width. */
function filterShape({ shape, bias }: Convolution, groups: number): readonly number[] {
  const [height = 1, width = 1, inputs = 1] = shape;
  return [bias.length, inputs / groups, height, width];
}

/** From TensorFlow's order, whose last axes are input and output (or, by channel, input and 1), to ONNX's. */
function transpose({ filter, shape, bias }: Convolution): Float32Array {
  const [height = 1, width = 1] = shape;
  const taps = height * width;
  const outputs = bias.length;
  const inputs = filter.length / taps / outputs;
  const turned = new Float32Array(filter.length);
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < inputs; i++) {
      const from = (tap * inputs + i) * outputs;
      for (let o = 0; o < outputs; o++) {
        turned[(o * inputs + i) * taps + tap] = filter[from + o] as number;
      }
    }
  }
  return turned;
}
