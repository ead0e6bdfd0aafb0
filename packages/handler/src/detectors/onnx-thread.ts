// The thread that runs the network: ONNX Runtime's call blocks the JavaScript of its own thread only (onnx.ts).
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { decodeFaces } from "./decode-faces.ts";
import type { NetworkReply, NetworkTask } from "./onnx.ts";
import type { OnnxModel } from "./onnx-graph.ts";
import {
  PROBE_CHANNELS,
  PROBE_RESULT,
  PROBE_SIZE,
  writeIntegerModel,
  writeProbe,
} from "./onnx-integer-model.ts";
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

type Run = (input: Float32Array, shape: readonly number[]) => readonly Float32Array[];

function load({ Tensor, InferenceSession }: Runtime, { bytes, input, outputs }: OnnxModel): Run {
  const session = new InferenceSession();
  session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, OPTIONS);
  const wanted = Object.fromEntries(outputs.map((name) => [name, null]));
  return (data, shape) => {
    const found = session.run({ [input]: new Tensor("float32", data, [1, ...shape]) }, wanted, {});
    return outputs.map((name) => (found[name] as Tensor).data);
  };
}

/** @throws {Error} if this processor's sums of 8-bit products overflow */
function checkIntegers(runtime: Runtime): void {
  const shape = [PROBE_CHANNELS, PROBE_SIZE, PROBE_SIZE];
  const picture = new Float32Array(PROBE_CHANNELS * PROBE_SIZE ** 2).fill(6);
  const [sums = new Float32Array()] = load(runtime, writeProbe())(picture, shape);
  if (sums.some((sum) => Math.abs(sum - PROBE_RESULT) > 0.05))
    throw new Error("this processor has no instructions that add 8-bit products without overflow");
}

async function createNetwork(isInteger: boolean): Promise<(task: NetworkTask) => NetworkReply> {
  const runtime = loadRuntime();
  if (isInteger) checkIntegers(runtime);
  const weights = await readSsdWeights();
  const { anchors } = weights;
  const infer = load(runtime, isInteger ? writeIntegerModel(weights) : writeOnnxModel(weights));
  return ({ square, width, height, threshold }) => {
    const begin = performance.now();
    const heads = infer(square, [3, INPUT_SIZE, INPUT_SIZE]);
    const faces = decodeFaces(heads, anchors, { width, height }, threshold);
    return { faces, square, seconds: (performance.now() - begin) / 1000 };
  };
}

const port = parentPort;
if (port === null) throw new Error("onnx-thread is the program of a worker thread");
const run = await createNetwork(workerData === "onnx-int8");
port.on("message", (task: NetworkTask) => {
  const reply = run(task);
  port.postMessage(reply, [reply.square.buffer as ArrayBuffer]);
});
port.postMessage("ready");
