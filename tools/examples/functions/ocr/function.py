"""Text recognition (OCR) with the PP-OCRv4 models of rapidocr-onnxruntime.

Usage: python function.py [--port 8103]
"""

import argparse
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from rapidocr_onnxruntime import RapidOCR

MAX_BODY_BYTES = 10_000_000

# Pictures keep their size (the default enlarges small ones), and their text is upright.
engine = RapidOCR(det_limit_type="max", det_limit_side_len=960, use_cls=False)


def read_text(image):
    """Returns the lines of text in a picture, top to bottom, and the lowest score among them."""
    found, _ = engine(image)
    lines = [(text, float(score)) for _, text, score in found or []]
    return [text for text, _ in lines], min((score for _, score in lines), default=0.0)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    one_at_a_time = threading.Lock()
    cold = True

    def do_POST(self):
        started = time.perf_counter()
        length = int(self.headers.get("content-length", 0))
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            return self.reply(413, {"error": f"the body is larger than {MAX_BODY_BYTES} bytes"}, started)
        body = self.rfile.read(length)
        with Handler.one_at_a_time:
            cold, Handler.cold = Handler.cold, False
            began = time.perf_counter()
            try:
                lines, score = read_text(body)
            except Exception as error:  # the library has no common class for unreadable pictures
                return self.reply(422, {"error": f"the picture cannot be read ({type(error).__name__})"}, started)
            inference_ms = (time.perf_counter() - began) * 1000
        result = {
            "text": " ".join(lines),
            "characters": sum(map(len, lines)),
            "score": round(score, 4),
            "inferenceMs": round(inference_ms, 3),
            "coldStart": cold,
        }
        self.reply(200, result, started)

    def reply(self, status, value, started):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.send_header("x-duration-seconds", f"{time.perf_counter() - started:.6f}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass  # a line per request would slow the function down


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8103)
    server = Server(("127.0.0.1", parser.parse_args().port), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
