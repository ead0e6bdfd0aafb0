"""The same network on ONNX Runtime, its input made by OpenCV, as one would deploy it without TensorFlow."""
import os

import cv2
import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

INPUT, ANCHORS = 512, 5118


class Graph:
    """Nodes and constants of an ONNX graph."""

    def __init__(self, weights):
        self.weights, self.nodes, self.constants, self.count = weights, [], [], 0

    def constant(self, values):
        self.count += 1
        name = f"constant{self.count}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind, inputs, **attributes):
        self.count += 1
        name = f"{kind}{self.count}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def convolve(self, x, filters, bias, stride, group=1):
        """@param filters height x width x input x output"""
        inputs = [x, self.constant(filters.transpose(3, 2, 0, 1)), self.constant(bias)]
        return self.add("Conv", inputs, auto_pad="SAME_UPPER", strides=[stride, stride], group=group)

    def relu6(self, x):
        return self.add("Clip", [x, self.constant(np.float32(0)), self.constant(np.float32(6))])

    def pointwise(self, x, prefix, stride):
        bias = self.weights[f"{prefix}/convolution_bn_offset"]
        return self.relu6(self.convolve(x, self.weights[f"{prefix}/weights"], bias, stride))

    def separable(self, x, layer):
        prefix = f"MobilenetV1/Conv2d_{layer}_depthwise"
        norm = {n: self.weights[f"{prefix}/BatchNorm/{n}"] for n in ("gamma", "beta", "moving_mean", "moving_variance")}
        scale = (norm["gamma"] / np.sqrt(norm["moving_variance"] + 0.001)).astype(np.float32)
        filters = self.weights[f"{prefix}/depthwise_weights"] * scale.reshape(1, 1, -1, 1)
        channels = filters.shape[2]
        # Height x width x channels x 1, and each channel is a group: 1 input, `channels` outputs.
        filters = filters.transpose(0, 1, 3, 2)
        stride = 2 if layer in (2, 4, 6, 12) else 1
        bias = (norm["beta"] - norm["moving_mean"] * scale).astype(np.float32)
        x = self.relu6(self.convolve(x, filters, bias, stride, channels))
        return self.pointwise(x, f"MobilenetV1/Conv2d_{layer}_pointwise", 1)

    def predict(self, x, index, kind, width):
        prefix = f"Prediction/BoxPredictor_{index}/{kind}"
        x = self.convolve(x, self.weights[f"{prefix}/weights"], self.weights[f"{prefix}/biases"], 1)
        x = self.add("Transpose", [x], perm=[0, 2, 3, 1])
        return self.add("Reshape", [x, self.constant(np.array([-1, width], np.int64))])


def model_of(weights):
    graph = Graph(weights)
    x = graph.pointwise("picture", "MobilenetV1/Conv2d_0_pointwise", 2)
    maps = []
    for layer in range(1, 14):
        x = graph.separable(x, layer)
        if layer in (11, 13):
            maps.append(x)
    for layer in range(8):
        x = graph.pointwise(x, f"Prediction/Conv2d_{layer}_pointwise", 2 if layer % 2 else 1)
        if layer % 2:
            maps.append(x)
    boxes = [graph.predict(one, i, "BoxEncodingPredictor", 4) for i, one in enumerate(maps)]
    classes = [graph.predict(one, i, "ClassPredictor", 3) for i, one in enumerate(maps)]
    codes = graph.add("Concat", boxes, axis=0)
    scores = graph.add("Sigmoid", [graph.add("Concat", classes, axis=0)])
    made = helper.make_graph(
        graph.nodes,
        "ssd_mobilenetv1",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, INPUT, INPUT])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [ANCHORS, width]) for name, width in ((codes, 4), (scores, 3))],
        graph.constants,
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def to_input(rgb):
    """The network's input: scaled, padded to a square, -1..1, channel by channel."""
    height, width = rgb.shape[:2]
    scale = INPUT / max(height, width)
    small = cv2.resize(rgb, (round(width * scale), round(height * scale)))
    square = np.full((INPUT, INPUT, 3), -1, np.float32)
    square[: small.shape[0], : small.shape[1]] = small * np.float32(1 / 127.5) - 1
    return np.ascontiguousarray(square.transpose(2, 0, 1))[None]


def create(weights):
    """A function from an RGB picture to box codes and scores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count()
    # Threads that wait busily take the processors from other requests: a third of the speed on two busy cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    model = model_of(weights).SerializeToString()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def run(rgb):
        codes, scores = session.run(None, {"picture": to_input(rgb)})
        return codes, scores[:, 1]

    return run
