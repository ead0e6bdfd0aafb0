import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FaceDetector } from "../detector.ts";
import { decodeFaces } from "./decode-faces.ts";
import { letterbox } from "./letterbox.ts";
import { requireDetector } from "./packages.ts";
import { type SavedModel, writeSavedModel } from "./saved-model.ts";
import { INPUT_SIZE } from "./ssd-network.ts";
import { readSsdWeights } from "./ssd-weights.ts";

/** The parts of tfjs-node's addon used here (its `tfjs_binding.d.ts`). */
interface Addon {
  readonly TF_FLOAT: number;
  createTensor(shape: readonly number[], type: number, values: Float32Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array;
  loadSavedModel(folder: string, tags: string): number;
  runSavedModel(
    model: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): readonly { readonly id: number }[];
  getNumOfTensors(): number;
}

/** A detector that counts the tensors TensorFlow holds for it: 0 between two pictures. */
export interface NativeDetector extends FaceDetector {
  readonly backend: "native";
  countTensors(): number;
}

/**
 * The network as one TensorFlow graph, on the native addon of `@tensorflow/tfjs-node`.
 *
 * Only the addon is loaded: the package's JavaScript would cost each process another 0.3 s.
 * @throws the loader's error if the addon was not built (tools/src/setup/tensorflow.ts)
 */
export async function createNativeDetector(): Promise<NativeDetector> {
  const addon = loadAddon();
  const weights = await readSsdWeights();
  const graph = writeSavedModel(weights);
  const model = await load(addon, graph);
  const outputs = graph.outputs.join(",");
  const square = new Float32Array(INPUT_SIZE * INPUT_SIZE * 3);
  return {
    backend: "native",
    async detect(image, threshold) {
      letterbox(image, INPUT_SIZE, "channels last", square);
      const input = addon.createTensor([1, INPUT_SIZE, INPUT_SIZE, 3], addon.TF_FLOAT, square);
      const held = [input];
      try {
        const found = addon.runSavedModel(model, [input], graph.input, outputs);
        held.push(...found.map(({ id }) => id));
        const heads = found.map(({ id }) => addon.tensorDataSync(id));
        return decodeFaces(heads, weights.anchors, image, threshold);
      } finally {
        for (const id of held) addon.deleteTensor(id);
      }
    },
    countTensors: () => addon.getNumOfTensors(),
  };
}

function loadAddon(): Addon {
  // otherwise libtensorflow logs its start-up on stderr
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  const require = requireDetector();
  const folder = dirname(require.resolve("@tensorflow/tfjs-node/package.json"));
  return require(join(folder, "lib", "napi-v8", "tfjs_binding.node")) as Addon;
}

/** TensorFlow reads models only from folders; this one is removed after loading. */
async function load(addon: Addon, { pieces }: SavedModel): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "slbench-model-"));
  try {
    const file = await open(join(folder, "saved_model.pb"), "w");
    await file.writev(pieces).finally(() => file.close());
    return addon.loadSavedModel(folder, "serve");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
