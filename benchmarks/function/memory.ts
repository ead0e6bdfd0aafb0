// Sends frames one after another through the complete handler. Prints one line of JSON: tensors and resident
// memory after the first tenth and at the end. Usage: node --expose-gc memory.ts FRAMES onnx-int8|native
import { readFile } from "node:fs/promises";
import { createNativeDetector } from "../../packages/handler/src/detectors/native.ts";
import { createOnnxDetector } from "../../packages/handler/src/detectors/onnx.ts";
import { blurFaces } from "../../packages/handler/src/handler.ts";

const frames = Number(process.argv[2]);
const native = process.argv[3] === "native" ? await createNativeDetector() : undefined;
const detector = native ?? (await createOnnxDetector("onnx-int8"));
const bytes = await readFile(new URL("frame.jpg", import.meta.url));
const look = () => {
  globalThis.gc?.();
  return { tensors: native?.countTensors() ?? 0, residentMB: process.memoryUsage.rss() / 1e6 };
};
let early = look();
for (let i = 1; i <= frames; i++) {
  await blurFaces({ bytes }, detector);
  if (i === Math.ceil(frames / 10)) early = look();
}
console.log(JSON.stringify({ early, late: look() }));
process.exit(0);
