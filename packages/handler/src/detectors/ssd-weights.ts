import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as Tf from "@tensorflow/tfjs-core";

interface Manifest {
  readonly paths: readonly string[];
  readonly weights: Tf.io.WeightsManifestEntry[];
}

/** Weights of SSD MobileNet v1 trained on WIDER FACE, as npm `@vladmandic/face-api` ships them (MIT). */
export async function loadSsdWeights(tf: typeof Tf): Promise<Tf.NamedTensorMap> {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")),
    "model",
  );
  const manifest = JSON.parse(
    await readFile(join(folder, "ssd_mobilenetv1_model-weights_manifest.json"), "utf8"),
  ) as readonly Manifest[];
  const tensors: Tf.NamedTensorMap = {};
  for (const { paths, weights } of manifest) {
    const bytes = Buffer.concat(await Promise.all(paths.map((path) => readFile(join(folder, path)))));
    Object.assign(tensors, tf.io.decodeWeights(new Uint8Array(bytes).buffer, weights));
  }
  return tensors;
}
