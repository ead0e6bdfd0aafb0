"""Language identification with nothing but the Python standard library.

Ranks the n-grams of a text and compares the ranks with those of each language
(Cavnar and Trenkle 1994, "N-gram-based text categorization").

Usage: python3 function.py [--port 8101]
"""

import argparse
import json
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PROFILE_SIZE = 400
MAX_BODY_BYTES = 1_000_000


def rank_ngrams(text):
    """Maps the most frequent n-grams (1 to 4 characters) of a text to their rank."""
    counts = Counter()
    for word in "".join(c if c.isalpha() else " " for c in text.lower()).split():
        padded = f"_{word}_"
        for size in range(1, 5):
            counts.update(padded[i : i + size] for i in range(len(padded) - size + 1))
    ordered = sorted(counts, key=lambda gram: (-counts[gram], gram))
    return {gram: rank for rank, gram in enumerate(ordered[:PROFILE_SIZE])}


PROFILES = {
    file.stem: rank_ngrams(file.read_text(encoding="utf-8"))
    for file in sorted((Path(__file__).parent / "training").glob("*.txt"))
}


def identify(text):
    """Returns the nearest language and a score from 0 (unrelated) to 1 (same ranks)."""
    ranks = rank_ngrams(text)
    if not ranks:
        raise ValueError("the text has no letters")
    distances = {
        language: sum(abs(rank - profile.get(gram, PROFILE_SIZE)) for gram, rank in ranks.items())
        for language, profile in PROFILES.items()
    }
    language = min(distances, key=distances.get)
    return language, 1 - distances[language] / (PROFILE_SIZE * len(ranks))


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
                language, score = identify(body.decode("utf-8"))
            except ValueError as error:  # includes bytes that are not UTF-8
                return self.reply(400, {"error": str(error)}, started)
            inference_ms = (time.perf_counter() - began) * 1000
        result = {
            "language": language,
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
    parser.add_argument("--port", type=int, default=8101)
    server = Server(("127.0.0.1", parser.parse_args().port), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
