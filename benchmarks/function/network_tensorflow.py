"""The network on TensorFlow: one tf.function, compiled once."""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import tensorflow as tf

INPUT = 512
WEIGHTS = {}


def convolve(x, prefix, stride):
    filters, bias = WEIGHTS[f"{prefix}/weights"], WEIGHTS[f"{prefix}/convolution_bn_offset"]
    return tf.nn.relu6(tf.nn.bias_add(tf.nn.conv2d(x, tf.constant(filters), stride, "SAME"), bias))


def separable(x, layer):
    prefix = f"MobilenetV1/Conv2d_{layer}_depthwise"
    norm = {name: WEIGHTS[f"{prefix}/BatchNorm/{name}"] for name in ("gamma", "beta", "moving_mean", "moving_variance")}
    scale = norm["gamma"] / np.sqrt(norm["moving_variance"] + 0.001)
    filters = tf.constant(WEIGHTS[f"{prefix}/depthwise_weights"] * scale.reshape(1, 1, -1, 1))
    stride = 2 if layer in (2, 4, 6, 12) else 1
    x = tf.nn.depthwise_conv2d(x, filters, [1, stride, stride, 1], "SAME")
    x = tf.nn.relu6(tf.nn.bias_add(x, norm["beta"] - norm["moving_mean"] * scale))
    return convolve(x, f"MobilenetV1/Conv2d_{layer}_pointwise", 1)


def predict(x, index, kind, width):
    prefix = f"Prediction/BoxPredictor_{index}/{kind}"
    x = tf.nn.bias_add(tf.nn.conv2d(x, tf.constant(WEIGHTS[f"{prefix}/weights"]), 1, "SAME"), WEIGHTS[f"{prefix}/biases"])
    return tf.reshape(x, [-1, width])


@tf.function(input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)])
def network(picture):
    height, width = tf.shape(picture)[0], tf.shape(picture)[1]
    side = tf.maximum(height, width)
    square = tf.pad(picture, [[0, side - height], [0, side - width], [0, 0]])
    x = tf.compat.v1.image.resize_bilinear(square[None], [INPUT, INPUT], align_corners=False) / 127.5 - 1.0
    x = convolve(x, "MobilenetV1/Conv2d_0_pointwise", 2)
    maps = []
    for layer in range(1, 14):
        x = separable(x, layer)
        if layer in (11, 13):
            maps.append(x)
    for layer in range(8):
        x = convolve(x, f"Prediction/Conv2d_{layer}_pointwise", 2 if layer % 2 else 1)
        if layer % 2:
            maps.append(x)
    codes = tf.concat([predict(one, i, "BoxEncodingPredictor", 4) for i, one in enumerate(maps)], 0)
    classes = tf.concat([predict(one, i, "ClassPredictor", 3) for i, one in enumerate(maps)], 0)
    return codes, tf.sigmoid(classes[:, 1])


def create(weights):
    """A function from an RGB picture to box codes and scores."""
    WEIGHTS.update(weights)
    return lambda rgb: [one.numpy() for one in network(rgb)]
