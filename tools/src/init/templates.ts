/** A small function that runs on this machine: it guesses the language of a text from its letters. */
export interface FunctionTemplate {
  readonly file: string;
  readonly command: readonly string[];
  readonly source: string;
}

export const PORT = 8090;

const SAMPLES = {
  english: "the quick brown fox and the lazy dog are in the garden with all of their friends this morning",
  german: "der schnelle braune fuchs und der faule hund sind heute morgen mit allen freunden in dem garten",
  french: "le renard brun et le chien paresseux sont dans le jardin avec tous leurs amis ce matin",
};

const python = `# Guesses the language of a text by comparing its trigrams with three samples. Replace it with your own model.
import json
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SAMPLES = ${JSON.stringify(SAMPLES, null, 4)}


def trigrams(text):
    text = " " + text.lower() + " "
    return Counter(text[i : i + 3] for i in range(len(text) - 2))


PROFILES = {language: trigrams(text) for language, text in SAMPLES.items()}
WORK_SECONDS = 0.03


def work(seconds):
    """Stands in for a real model: keeps a processor busy, so that requests compete for it. Remove it with your own."""
    begin = time.thread_time()
    while time.thread_time() - begin < seconds:
        pass


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        begin = time.perf_counter()
        found = trigrams(text)
        scores = {name: sum((found & profile).values()) for name, profile in PROFILES.items()}
        label = max(scores, key=scores.get)
        work(WORK_SECONDS)
        milliseconds = (time.perf_counter() - begin) * 1000
        body = json.dumps({"label": label, "score": scores[label], "inference_ms": milliseconds}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer.request_queue_size = 128
ThreadingHTTPServer(("127.0.0.1", ${PORT}), Handler).serve_forever()
`;

const node = `// Guesses the language of a text by comparing its trigrams with three samples. Replace it with your own model.
import { createServer } from "node:http";

const SAMPLES = ${JSON.stringify(SAMPLES, null, 2)};

function trigrams(text) {
  const counts = new Map();
  const padded = \` \${text.toLowerCase()} \`;
  for (let i = 0; i < padded.length - 2; i++) {
    const part = padded.slice(i, i + 3);
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return counts;
}

const profiles = Object.entries(SAMPLES).map(([language, text]) => [language, trigrams(text)]);
const WORK_MILLISECONDS = 30;

/** Stands in for a real model: keeps the processor busy, so that requests wait for each other. Remove it with your own. */
function work(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const begin = performance.now();
    const found = trigrams(Buffer.concat(chunks).toString());
    const scores = profiles.map(([language, profile]) => {
      let score = 0;
      for (const [part, count] of found) score += Math.min(count, profile.get(part) ?? 0);
      return { label: language, score };
    });
    const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
    work(WORK_MILLISECONDS);
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ ...best, inference_ms: performance.now() - begin }));
  });
}).listen(${PORT}, "127.0.0.1");
`;

export const functionTemplates: Readonly<Record<"python" | "node", FunctionTemplate>> = {
  python: { file: "function.py", command: ["python3", "function.py"], source: python },
  node: { file: "function.mjs", command: ["node", "function.mjs"], source: node },
};

/** Payloads for it, one per line. */
export const LINES = `The train to the airport leaves from the second platform.
Der Zug zum Flughafen fährt von dem zweiten Gleis.
Le train pour l'aéroport part de la deuxième voie.
All of the windows in the house were open this morning.
Alle Fenster in dem Haus waren heute Morgen offen.
Toutes les fenêtres de la maison sont ouvertes ce matin.
`;
export const LINES_FILE = "texts.txt";
