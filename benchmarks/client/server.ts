/**
 * A function that echoes its request after a fixed delay and measures its own time.
 *
 * node server.ts DELAY_MS; prints its port, ends with its standard input. GET /own gives the median of its own
 * times in seconds (from a request's first byte to the response's last) since the last GET.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const delayMs = Number(process.argv[2] ?? 0);
const responses = new Map<number, Buffer>();
/** One buffer per size: making a response must cost nothing. */
function responseOf(size: number): Buffer {
  const known = responses.get(size);
  if (known !== undefined) return known;
  const image = "/9j/".padEnd(size, "A"); // as a JPEG begins
  const rest = { faces: [], mlSeconds: 0.05, totalSeconds: 0.06, backend: "none", replica: "r" };
  const made = Buffer.from(JSON.stringify({ image, ...rest }));
  responses.set(size, made);
  return made;
}

let own: number[] = [];
const server = createServer((request, response) => {
  const begin = performance.now();
  if (request.method === "GET") {
    own.sort((a, b) => a - b);
    response.end(JSON.stringify({ count: own.length, medianSeconds: (own[own.length >> 1] ?? 0) / 1000 }));
    own = [];
    return;
  }
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
  });
  request.once("end", () => {
    const reply = () => {
      const body = responseOf(size);
      response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
      response.end(body, () => own.push(performance.now() - begin));
    };
    if (delayMs > 0) setTimeout(reply, delayMs);
    else reply();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", 4096, () => console.log(String((server.address() as AddressInfo).port)));
process.stdin.resume().once("end", () => process.exit(0));
