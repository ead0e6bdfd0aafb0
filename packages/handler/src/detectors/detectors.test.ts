import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { blurFaces, THRESHOLD } from "../handler.ts";
import { decodeImage } from "../picture/codec.ts";
import type { Box } from "../picture/image.ts";
import { createNativeDetector } from "./native.ts";
import { createOnnxDetector } from "./onnx.ts";
import { createWasmDetector } from "./wasm.ts";

const testdata = new URL("../../testdata/", import.meta.url);
interface Expected {
  readonly width: number;
  readonly height: number;
  readonly faces: readonly Box[];
}
/** Written by testdata/make-face-api-boxes.ts. */
const expected = JSON.parse(await readFile(new URL("face-api-boxes.json", testdata), "utf8")) as Record<
  string,
  Expected
>;
const names = Object.keys(expected);
const picture = (name: string) => readFile(new URL(`pictures/${name}`, testdata));

const native = await createNativeDetector().catch((error: unknown) => {
  process.stderr.write(`NOT TESTED: the native backend cannot be loaded here (${error})\n`);
  return undefined;
});
const onnx = await createOnnxDetector();
const integer = await createOnnxDetector("onnx-int8").catch((error: unknown) => {
  process.stderr.write(`NOT TESTED: the onnx-int8 backend cannot be loaded here (${error})\n`);
  return undefined;
});
const ofTensorflow = [...(native ? [native] : []), await createWasmDetector()];
const detectors = [onnx, ...(integer ? [integer] : []), ...ofTensorflow];
afterAll(() => Promise.all([onnx.stop(), integer?.stop()]));

function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}

/** face-api does not clip boxes to the picture. */
function clip({ x, y, width, height }: Box, to: Expected): Box {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  return {
    x: left,
    y: top,
    width: Math.min(to.width, x + width) - left,
    height: Math.min(to.height, y + height) - top,
  };
}

test("wasm uses vector instructions and all cores, and does not keep the process alive", async () => {
  const script =
    `import { createWasmDetector } from ${JSON.stringify(new URL("wasm.ts", import.meta.url).href)};` +
    "const { threads, simd } = await createWasmDetector(); console.log(JSON.stringify({ threads, simd }));";
  const flags = ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...flags,
    "--input-type=module",
    "-e",
    script,
  ]);
  expect(JSON.parse(stdout)).toEqual({ threads: Math.min(8, availableParallelism()), simd: true });
});

test("testdata has at least 20 pictures with 0 to 10 faces", () => {
  expect(names.length).toBeGreaterThanOrEqual(20);
  const counts = new Set(names.map((name) => expected[name]?.faces.length));
  for (let count = 0; count <= 10; count++) expect(counts).toContain(count);
});

describe.each(detectors)("detect() on $backend", (detector) => {
  test.each(names)("finds the same faces in %s as face-api", async (name) => {
    const { image } = await decodeImage(await picture(name));
    const wanted = expected[name] as Expected;
    expect(image).toMatchObject({ width: wanted.width, height: wanted.height });
    const faces = await detector.detect(image, THRESHOLD);
    expect(faces.length).toBe(wanted.faces.length);
    for (const face of wanted.faces) {
      const best = Math.max(...faces.map((found) => intersectionOverUnion(found, clip(face, wanted))));
      expect(best).toBeGreaterThanOrEqual(0.95);
    }
    for (const { x, y, width, height, score } of faces) {
      for (const value of [x, y, width, height]) expect(Number.isInteger(value)).toBe(true);
      expect(Math.min(x, y, width - 1, height - 1)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(image.width);
      expect(y + height).toBeLessThanOrEqual(image.height);
      expect(score).toBeGreaterThan(THRESHOLD);
    }
    expect(faces.map(({ score }) => score)).toEqual(faces.map(({ score }) => score).sort((a, b) => b - a));
  });

  test("a higher threshold keeps only the better faces, and 1 keeps none", async () => {
    const { image } = await decodeImage(await picture("eight.jpg"));
    const all = await detector.detect(image, THRESHOLD);
    const some = await detector.detect(image, 0.9);
    expect(some).toEqual(all.filter(({ score }) => score > 0.9));
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(all.length);
    expect(await detector.detect(image, 1)).toEqual([]);
  });

  test("the same picture gives the same faces, bit for bit", async () => {
    const bytes = await picture("five.jpg");
    const one = await blurFaces({ bytes }, detector);
    for (let i = 0; i < 3; i++) {
      const again = await blurFaces({ bytes }, detector);
      expect(Buffer.compare(again.picture, one.picture)).toBe(0);
      expect(again.faces).toEqual(one.faces);
    }
  });

  test("pictures of one pixel, one row and one column have no faces", async () => {
    for (const [width, height] of [
      [1, 1],
      [700, 1],
      [1, 700],
    ] as const) {
      const image = { width, height, data: new Uint8Array(width * height * 3) };
      expect(await detector.detect(image, THRESHOLD)).toEqual([]);
    }
  });
});

describe.each(ofTensorflow)("TensorFlow on $backend", (detector) => {
  test("leaks no tensors", async () => {
    const { image } = await decodeImage(await picture("two-close.png"));
    await detector.detect(image, THRESHOLD);
    const before = detector.countTensors();
    for (let i = 0; i < 10; i++) await detector.detect(image, THRESHOLD);
    expect(detector.countTensors()).toBe(before);
  });
});

describe("the network's thread", () => {
  test("takes pictures in order and reports the time that each one waited for the others", async () => {
    const { image } = await decodeImage(await picture("two-apart.jpg"));
    const alone = await onnx.detect(image, THRESHOLD);
    const waits: number[] = [];
    const all = await Promise.all(
      [0, 1, 2].map((i) => onnx.detect(image, THRESHOLD, (seconds) => (waits[i] = seconds))),
    );
    expect(all).toEqual([alone, alone, alone]);
    expect(waits[1]).toBeGreaterThan(waits[0] as number);
    expect(waits[2]).toBeGreaterThan(waits[1] as number);
  });

  test("leaves JavaScript free while the network runs", async () => {
    const { image } = await decodeImage(await picture("one-tiny.jpg"));
    let turns = 0;
    const counter = setInterval(() => turns++);
    await onnx.detect(image, THRESHOLD).finally(() => clearInterval(counter));
    expect(turns).toBeGreaterThan(0);
  });

  test("does not keep the process alive, and rejects pictures once it has ended", async () => {
    const script =
      `import { createOnnxDetector } from ${JSON.stringify(new URL("onnx.ts", import.meta.url).href)};` +
      "const one = await createOnnxDetector(); const two = await createOnnxDetector(); await one.stop();" +
      "const image = { width: 1, height: 1, data: new Uint8Array(3) };" +
      "console.log(await one.detect(image, 0.4).catch(({ message }) => message), await two.detect(image, 0.4));";
    const flags = ["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"];
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...flags,
      "--input-type=module",
      "-e",
      script,
    ]);
    expect(stdout).toBe("the network's thread has ended (exit 1) []\n");
  });
});
