"""A stand-in for a chat model: streams numbered words at a fixed pace and computes nothing.

For trying out slbench's streaming figures without a model. Responds to POST /v1/chat/completions as OpenAI's
API does, streamed if the request has "stream": true. The number of words is "max_tokens" (default 20).

Usage: python3 function.py [--port 8107] [--first-seconds 0.1] [--word-seconds 0.02] [--at-once 1] [--log FILE]

--at-once  requests that run at the same time; further ones wait
--log      appends a line of JSON per streamed response: when the request arrived, and from then on the seconds
           until the first word, the last word and the end of the response were sent
"""

import argparse
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BODY_BYTES = 1_000_000
MAX_WORDS = 10_000


def write_words(count):
    """Yields words: the first after --first-seconds, the others --word-seconds apart."""
    start = time.perf_counter() + OPTIONS.first_seconds
    for number in range(count):
        time.sleep(max(0, start + number * OPTIONS.word_seconds - time.perf_counter()))
        yield f"word{number + 1} "


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def parse_request(self):
        self.arrived = time.perf_counter()
        self.arrived_epoch = time.time()
        return super().parse_request()

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            return self.reply(413, {"error": {"message": f"the body is larger than {MAX_BODY_BYTES} bytes"}})
        body = self.rfile.read(length)
        if self.path != "/v1/chat/completions":
            return self.reply(404, {"error": {"message": "use /v1/chat/completions"}})
        try:
            request = json.loads(body)
            prompt = request["messages"][-1]["content"]
            count = min(MAX_WORDS, int(request.get("max_tokens", 20)))
            stream = bool(request.get("stream"))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            return self.reply(400, {"error": {"message": 'send {"messages": [{"role": "user", "content": …}]}'}})
        usage = {"prompt_tokens": len(str(prompt).split()), "completion_tokens": count}
        with self.server.turns:
            if stream:
                self.stream(write_words(count), usage)
            else:
                content = "".join(write_words(count))
                choices = [{"index": 0, "message": {"role": "assistant", "content": content}}]
                self.reply(200, {"object": "chat.completion", "choices": choices, "usage": usage})

    def stream(self, words, usage):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        sent = []
        try:
            for word in words:
                sent.append(time.perf_counter())
                choices = [{"index": 0, "delta": {"content": word}}]
                self.event(json.dumps({"object": "chat.completion.chunk", "choices": choices}))
            self.event(json.dumps({"object": "chat.completion.chunk", "choices": [], "usage": usage}))
            self.event("[DONE]")
            end = time.perf_counter()
            self.wfile.write(b"0\r\n\r\n")
            self.log(sent, end)
        except OSError:
            self.close_connection = True  # the client has disconnected

    def log(self, sent, end):
        if self.server.log is None or not sent:
            return
        line = {
            "arrivedEpochSeconds": self.arrived_epoch,
            "words": len(sent),
            "firstSeconds": sent[0] - self.arrived,
            "lastSeconds": sent[-1] - self.arrived,
            "endSeconds": end - self.arrived,
        }
        self.server.log.write(json.dumps(line) + "\n")

    def event(self, data):
        event = f"data: {data}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))

    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass  # a line per request would slow the function down


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8107)
    parser.add_argument("--first-seconds", type=float, default=0.1)
    parser.add_argument("--word-seconds", type=float, default=0.02)
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--log")
    OPTIONS = parser.parse_args()
    server = Server(("127.0.0.1", OPTIONS.port), Handler)
    server.turns = threading.Semaphore(OPTIONS.at_once)
    server.log = open(OPTIONS.log, "a", buffering=1, encoding="utf-8") if OPTIONS.log else None
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
