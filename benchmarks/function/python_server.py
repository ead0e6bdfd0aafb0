"""The function as a persistent Python server: the same network and weights, pictures by OpenCV.

What benchmark.ts measures the handler against. Threads, oneDNN and keep-alive are as good as they come. Prints its
port when it is warm, ends with its standard input.

Usage: python python_server.py FOLDER_OF_FACE_API_MODELS tensorflow|onnx|opencv
"""
import base64
import importlib
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np

THRESHOLD, SAME_FACE, MAX_FACES, KERNEL = 0.4, 0.5, 100, (25, 25)


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
network = importlib.import_module(f"network_{sys.argv[2]}").create(WEIGHTS)


def detect(rgb):
    codes, scores = network(rgb)
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
