import { type Message, message, nested, number, numbers, text, values, wrap } from "./protobuf.ts";
import { buildSsd, INPUT_SIZE } from "./ssd-network.ts";
import type { Convolution, SsdWeights } from "./ssd-weights.ts";

/** A TensorFlow SavedModel with the names of its inputs and outputs. */
export interface SavedModel {
  /** `saved_model.pb`, in pieces. */
  readonly pieces: readonly Uint8Array[];
  readonly input: string;
  readonly outputs: readonly string[];
}

/** TensorFlow's DataType: float32. */
const FLOAT = 1;
/** GraphDef version of TensorFlow 2.9; the operations used here have not changed since. */
const PRODUCER = 1087;

/**
 * Writes the network as a SavedModel, which TensorFlow runs as one optimised graph. That takes about two thirds
 * of the time of separate operations (docs/decisions/native-detector.md).
 * @see https://github.com/tensorflow/tensorflow: saved_model.proto, graph.proto, node_def.proto, tensor.proto
 */
export function writeSavedModel(weights: SsdWeights): SavedModel {
  const nodes: Message[] = [];
  const add = (
    op: string,
    inputs: readonly string[],
    attributes: Record<string, Message>,
    name = `${op}_${nodes.length}`,
  ): string => {
    nodes.push(
      message([
        text(1, name),
        text(2, op),
        ...inputs.map((input) => text(3, input)),
        ...Object.entries(attributes).map(([key, value]) => nested(5, [text(1, key), nested(2, [value])])),
      ]),
    );
    return name;
  };
  const type = { T: number(6, FLOAT) };
  const constant = (shape: readonly number[], data: Float32Array) =>
    add("Const", [], { dtype: number(6, FLOAT), value: nested(8, tensor(shape, data)) });
  const convolution = (op: string, x: string, { shape, filter, bias }: Convolution, stride: number) => {
    const sums = add(op, [x, constant(shape, filter)], {
      ...type,
      strides: nested(1, [numbers(3, [1, stride, stride, 1])]),
      dilations: nested(1, [numbers(3, [1, 1, 1, 1])]),
      padding: text(2, "SAME"),
      data_format: text(2, "NHWC"),
    });
    return add("BiasAdd", [sums, constant([bias.length], bias)], { ...type, data_format: text(2, "NHWC") });
  };
  const input = add(
    "Placeholder",
    [],
    { dtype: number(6, FLOAT), shape: nested(7, dims([1, INPUT_SIZE, INPUT_SIZE, 3])) },
    "picture",
  );
  const outputs = buildSsd<string>(
    {
      convolve: (x, part, stride, cut) => {
        const sums = convolution("Conv2D", x, part, stride);
        return cut ? add("Relu6", [sums], type) : sums;
      },
      convolveDepthwise: (x, part, stride) =>
        add("Relu6", [convolution("DepthwiseConv2dNative", x, part, stride)], type),
    },
    weights,
    input,
  );
  const graph = [...nodes.map((node) => wrap(1, node)), nested(4, [number(1, PRODUCER)])];
  const metaGraph = [nested(1, [text(4, "serve")]), nested(2, graph)];
  const model = message([number(1, 1), nested(2, metaGraph)]);
  return { pieces: model.pieces, input: `${input}:0`, outputs: outputs.map((name) => `${name}:0`) };
}

function tensor(shape: readonly number[], data: Float32Array): readonly Message[] {
  return [number(1, FLOAT), nested(2, dims(shape)), values(4, data)];
}

function dims(shape: readonly number[]): readonly Message[] {
  return shape.map((size) => nested(2, [number(1, size)]));
}
