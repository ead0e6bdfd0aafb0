// The thread that runs the network: ONNX Runtime's call blocks the JavaScript of its own thread only (onnx.ts).
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { decodeFaces } from "./decode-faces.ts";
import type { NetworkReply, NetworkTask } from "./onnx.ts";
import { writeOnnxModel } from "./onnx-model.ts";
import { requireDetector } from "./packages.ts";
import { INPUT_SIZE } from "./ssd-network.ts";
import { readSsdWeights } from "./ssd-weights.ts";

/** The parts of onnxruntime-node used here (its `dist/binding.d.ts` and onnxruntime-common). */
interface Runtime {
  readonly Tensor: new (type: "float32", data: Float32Array, shape: readonly number[]) => Tensor;
  readonly InferenceSession: new () => Session;
}
interface Tensor {
  readonly data: Float32Array;
}
interface Session {
  loadModel(bytes: ArrayBufferLike, offset: number, length: number, options: object): void;
  run(
    inputs: Readonly<Record<string, Tensor>>,
    outputs: Readonly<Record<string, null>>,
    options: object,
  ): Readonly<Record<string, Tensor>>;
}

/** More threads than this gain nothing on a network of this size. */
const MAX_THREADS = 8;

const OPTIONS = {
  executionProviders: ["cpu"],
  graphOptimizationLevel: "all",
  intraOpNumThreads: Math.min(availableParallelism(), MAX_THREADS),
  interOpNumThreads: 1,
  // Threads that wait busily would take the cores from the pictures that are decoded and encoded meanwhile.
  extra: { session: { intra_op: { allow_spinning: "0" } } },
};

/** Only the addon and the tensor's class are loaded, without the package's registry of backends. */
function loadRuntime(): Runtime {
  const require = requireDetector();
  const folder = join(require.resolve("onnxruntime-node/package.json"), "..");
  const { binding, initOrt } = require(join(folder, "dist", "binding.js")) as {
    binding: Pick<Runtime, "InferenceSession">;
    initOrt(): void;
  };
  initOrt();
  const { Tensor } = require(require.resolve("onnxruntime-common", { paths: [folder] })) as Pick<
    Runtime,
    "Tensor"
  >;
  return { Tensor, InferenceSession: binding.InferenceSession };
}

async function createNetwork(): Promise<(task: NetworkTask) => NetworkReply> {
  const { Tensor, InferenceSession } = loadRuntime();
  const weights = await readSsdWeights();
  const { anchors } = weights;
  const { bytes, input, outputs } = writeOnnxModel(weights);
  const session = new InferenceSession();
  session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, OPTIONS);
  const wanted = Object.fromEntries(outputs.map((name) => [name, null]));
  return ({ square, width, height, threshold }) => {
    const begin = performance.now();
    const tensor = new Tensor("float32", square, [1, 3, INPUT_SIZE, INPUT_SIZE]);
    const found = session.run({ [input]: tensor }, wanted, {});
    const heads = outputs.map((name) => (found[name] as Tensor).data);
    const faces = decodeFaces(heads, anchors, { width, height }, threshold);
    return { faces, square, seconds: (performance.now() - begin) / 1000 };
  };
}

const port = parentPort;
if (port === null) throw new Error("onnx-thread is the program of a worker thread");
const run = await createNetwork();
port.on("message", (task: NetworkTask) => {
  const reply = run(task);
  port.postMessage(reply, [reply.square.buffer as ArrayBuffer]);
});
port.postMessage("ready");
