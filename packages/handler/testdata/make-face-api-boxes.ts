/**
 * Writes face-api-boxes.json: the faces that npm @vladmandic/face-api finds in pictures/ with the same weights on
 * tfjs-node, threshold 0.4. The repository installs tfjs-node without its dependencies, so give a folder that
 * has both packages installed completely, with the addon built as in docs/decisions/native-tensorflow.md:
 * npm install --ignore-scripts --prefix FOLDER @tensorflow/tfjs-node@4.22.0 @vladmandic/face-api@1.7.15
 * node packages/handler/testdata/make-face-api-boxes.ts FOLDER
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { decodeImage } from "../src/picture/codec.ts";

const here = import.meta.dirname;
const require = createRequire(resolve(process.argv[2] ?? ".", "package.json"));
const tf = require("@tensorflow/tfjs-node");
const faceapi = require("@vladmandic/face-api/dist/face-api.node.js");
await faceapi.nets.ssdMobilenetv1.loadFromDisk(
  join(dirname(require.resolve("@vladmandic/face-api/package.json")), "model"),
);
const options = new faceapi.SsdMobilenetv1Options({ minConfidence: 0.4, maxResults: 100 });

const found: Record<string, unknown> = {};
for (const name of (await readdir(join(here, "pictures"))).sort()) {
  const { image } = await decodeImage(await readFile(join(here, "pictures", name)));
  const tensor = tf.tensor3d(image.data, [image.height, image.width, 3], "int32");
  const faces = await faceapi.detectAllFaces(tensor, options);
  tensor.dispose();
  found[name] = {
    width: image.width,
    height: image.height,
    faces: faces.map(({ box, score }: { box: Record<string, number>; score: number }) => ({
      ...Object.fromEntries(["x", "y", "width", "height"].map((key) => [key, Number(box[key]?.toFixed(3))])),
      score: Number(score.toFixed(6)),
    })),
  };
}
const lines = Object.entries(found).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
await writeFile(join(here, "face-api-boxes.json"), `{\n${lines.join(",\n")}\n}\n`);
