"""The function as a persistent Python server: the same network and weights on TensorFlow, pictures by OpenCV.

What benchmark.ts measures the handler against. The network is one tf.function, compiled once; threads,
oneDNN and keep-alive are as good as they come. Prints its port when it is warm, ends with its standard input.

Usage: python python_server.py FOLDER_OF_FACE_API_MODELS
"""
import base64
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import cv2
import numpy as np
import tensorflow as tf

INPUT, THRESHOLD, SAME_FACE, MAX_FACES, KERNEL = 512, 0.4, 0.5, 100, (25, 25)


def read_weights(folder):
    """Tensors by name, from bytes and a manifest with scale and minimum per tensor."""
    with open(os.path.join(folder, "ssd_mobilenetv1_model-weights_manifest.json")) as file:
        entries = json.load(file)[0]["weights"]
    with open(os.path.join(folder, "ssd_mobilenetv1_model.bin"), "rb") as file:
        data = file.read()
    weights, at = {}, 0
    for entry in entries:
        count = int(np.prod(entry["shape"], dtype=np.int64))
        if "quantization" in entry:
            values = np.frombuffer(data, np.uint8, count, at).astype(np.float32)
            values = values * np.float32(entry["quantization"]["scale"]) + np.float32(entry["quantization"]["min"])
            at += count
        else:
            values = np.frombuffer(data, np.float32, count, at)
            at += 4 * count
        weights[entry["name"]] = values.reshape(entry["shape"])
    return weights


WEIGHTS = read_weights(sys.argv[1])
ANCHORS = WEIGHTS["Output/extra_dim"][0]


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


def detect(rgb):
    codes, scores = (one.numpy() for one in network(rgb))
    found = np.flatnonzero(scores > THRESHOLD)
    found = found[np.argsort(-scores[found])]
    codes, anchors = codes[found], ANCHORS[found]
    sizes = anchors[:, 2:] - anchors[:, :2]
    centres = codes[:, :2] / 10 * sizes + anchors[:, :2] + sizes / 2
    halves = np.exp(codes[:, 2:] / 5) * sizes / 2
    boxes = np.concatenate([centres - halves, centres + halves], 1)
    kept = []
    for i, box in enumerate(boxes):
        if len(kept) < MAX_FACES and all(overlap(box, boxes[k]) <= SAME_FACE for k in kept):
            kept.append(i)
    height, width = rgb.shape[:2]
    side = max(height, width)
    faces = []
    for i in kept:
        top, left, bottom, right = boxes[i] * side
        x, y = round(max(0.0, left)), round(max(0.0, top))
        right, bottom = min(width, round(right)), min(height, round(bottom))
        if right > x and bottom > y:
            faces.append({"x": x, "y": y, "width": right - x, "height": bottom - y, "score": float(scores[found[i]])})
    return faces


def overlap(a, b):
    height, width = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if height <= 0 or width <= 0:
        return 0.0
    both = height * width
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def blur_faces(data):
    start = time.perf_counter()
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
    decoded = time.perf_counter()
    faces = detect(rgb)
    detected = time.perf_counter()
    for face in faces:
        x, y, w, h = face["x"], face["y"], face["width"], face["height"]
        picture[y : y + h, x : x + w] = cv2.blur(picture[y : y + h, x : x + w], KERNEL)
    png = data[:4] == b"\x89PNG"
    blurred = time.perf_counter()
    _, encoded = cv2.imencode(".png", picture) if png else cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    end = time.perf_counter()
    stages = {"decode": decoded - start, "detect": detected - decoded, "blur": blurred - detected, "encode": end - blurred}
    return encoded.tobytes(), {"faces": faces, "mlSeconds": detected - decoded, "totalSeconds": end - start, "stageSeconds": stages}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self):
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if data[:1] not in (b"\xff", b"\x89"):
            data = base64.b64decode(data)
        picture, answer = blur_faces(data)
        if self.headers.get("Accept", "").startswith("image/"):
            body, kind = picture, "image/jpeg"
        else:
            body, kind = json.dumps({"image": base64.b64encode(picture).decode("ascii"), **answer}).encode(), "application/json"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


grey = cv2.imencode(".jpg", np.full((888, 1308, 3), 128, np.uint8))[1].tobytes()
for _ in range(3):
    blur_faces(grey)
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
