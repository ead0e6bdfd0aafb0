import { type Message, message, nested, number, numbers, text, values, wrap } from "./protobuf.ts";
import { INPUT_SIZE } from "./ssd-network.ts";
import type { Convolution } from "./ssd-weights.ts";

/** An ONNX model with the names of its inputs and outputs. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly input: string;
  readonly outputs: readonly string[];
}

/** TensorProto's data types. */
const [FLOAT, UINT8, INT8, INT32] = [1, 2, 3, 6];
/** AttributeProto's types. */
const [INT, STRING, INTS] = [2, 3, 7];
/** The versions of the file format and of the operators that onnxruntime 1.30 and 1.6 (of 2020) alike can read. */
const IR_VERSION = 7;
const OPSET = 13;

type Values = Float32Array | Int32Array | Int8Array | Uint8Array;

/** Collects the nodes and constants of an ONNX model. */
export interface OnnxGraph {
  readonly input: string;
  /** Adds a tensor that never changes and returns its name. An empty shape means a single value. */
  constant(shape: readonly number[], data: Values): string;
  /** Adds an operator and returns the name of its output. */
  add(op: string, inputs: readonly string[], attributes?: readonly Message[]): string;
  /** @param outputs names of tensors, 1 × channels × height × width; the model returns them with the channels last */
  finish(outputs: readonly string[]): OnnxModel;
}

/**
 * @param inputShape the input's channels, height and width; default: those of the detector
 * @see https://github.com/onnx/onnx: onnx.proto
 */
export function createOnnxGraph(
  inputShape: readonly number[] = [3, INPUT_SIZE, INPUT_SIZE],
  input = "picture",
): OnnxGraph {
  const nodes: Message[] = [];
  const constants: Message[] = [];
  const add: OnnxGraph["add"] = (op, inputs, attributes = []) => {
    const name = `${op}_${nodes.length}`;
    nodes.push(
      message([
        ...inputs.map((one) => text(1, one)),
        text(2, name),
        text(4, op),
        ...attributes.map((attribute) => wrap(5, attribute)),
      ]),
    );
    return name;
  };
  return {
    input,
    add,
    constant(shape, data) {
      const name = `constant_${constants.length}`;
      constants.push(message([numbers(1, shape), number(2, typeOf(data)), text(8, name), values(9, data)]));
      return name;
    },
    finish(heads) {
      const channelsLast = message([text(1, "perm"), numbers(8, [0, 2, 3, 1]), number(20, INTS)]);
      const outputs = heads.map((head) => add("Transpose", [head], [channelsLast]));
      const graph = [
        ...nodes.map((node) => wrap(1, node)),
        text(2, "ssd_mobilenetv1"),
        ...constants.map((tensor) => wrap(5, tensor)),
        nested(11, value(input, [1, ...inputShape])),
        ...outputs.map((output) => nested(12, value(output))),
      ];
      const model = message([number(1, IR_VERSION), nested(7, graph), nested(8, [number(2, OPSET)])]);
      return { bytes: Buffer.concat(model.pieces), input, outputs };
    },
  };
}

/** The attributes of a convolution with TensorFlow's SAME padding. */
export const convolutionAttributes = (stride: number, groups: number): readonly Message[] => [
  message([text(1, "auto_pad"), text(4, "SAME_UPPER"), number(20, STRING)]),
  message([text(1, "strides"), numbers(8, [stride, stride]), number(20, INTS)]),
  message([text(1, "group"), number(3, groups), number(20, INT)]),
];

function typeOf(data: Values): number {
  if (data instanceof Float32Array) return FLOAT;
  if (data instanceof Int32Array) return INT32;
  return data instanceof Int8Array ? INT8 : UINT8;
}

function value(name: string, shape: readonly number[] = []): readonly Message[] {
  const dims = shape.map((size) => nested(1, [number(1, size)]));
  const tensor = [number(1, FLOAT), ...(dims.length > 0 ? [nested(2, dims)] : [])];
  return [text(1, name), nested(2, [nested(1, tensor)])];
}

/** ONNX's order: output, input of a group, height, width. */
export function filterShape({ shape, bias }: Convolution, groups: number): readonly number[] {
  const [height = 1, width = 1, inputs = 1] = shape;
  return [bias.length, inputs / groups, height, width];
}

/** From TensorFlow's order, whose last axes are input and output (or, by channel, input and 1), to ONNX's. */
export function transpose<Data extends Float32Array | Uint8Array>(
  from: Data,
  { shape, bias }: Convolution,
  to: Data,
): Data {
  const [height = 1, width = 1] = shape;
  const taps = height * width;
  const outputs = bias.length;
  const inputs = from.length / taps / outputs;
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < inputs; i++) {
      const start = (tap * inputs + i) * outputs;
      for (let o = 0; o < outputs; o++) to[(o * inputs + i) * taps + tap] = from[start + o] as number;
    }
  }
  return to;
}
