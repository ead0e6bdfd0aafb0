import { expect, test } from "vitest";
import type { Backend, FaceDetector } from "../detector.ts";
import { loadDetector } from "./load.ts";

const detector = (backend: Backend): FaceDetector => ({ backend, detect: async () => [] });
const missing = () => Promise.reject(new Error("libtensorflow.so.2: cannot open\nand more"));
const load = {
  onnx: async () => detector("onnx"),
  native: async () => detector("native"),
  wasm: async () => detector("wasm"),
};

test("auto uses ONNX Runtime without a message", async () => {
  const warnings: string[] = [];
  expect(await loadDetector("auto", (line) => warnings.push(line), load)).toMatchObject({ backend: "onnx" });
  expect(warnings).toEqual([]);
});

test("auto falls back to native TensorFlow, then to wasm, and reports the reasons", async () => {
  const warnings: string[] = [];
  const announce = (line: string) => warnings.push(line);
  const noOnnx = { ...load, onnx: () => Promise.reject(new Error("Cannot find module 'onnxruntime-node'")) };
  expect(await loadDetector("auto", announce, noOnnx)).toMatchObject({ backend: "native" });
  const noNative = { ...noOnnx, native: missing };
  expect(await loadDetector("auto", announce, noNative)).toMatchObject({ backend: "wasm" });
  const first = "WARNING: cannot load the onnx backend (Cannot find module 'onnxruntime-node')";
  expect(warnings).toEqual([
    `${first}; using the native backend`,
    `${first} or the native backend (libtensorflow.so.2: cannot open); using the wasm backend, which is several times slower`,
  ]);
});

test.each(["onnx", "native", "wasm"] as const)("%s does not fall back", async (backend) => {
  const broken = { onnx: missing, native: missing, wasm: missing };
  await expect(
    loadDetector(backend, () => {}, { ...load, [backend]: broken[backend] }),
  ).rejects.toMatchObject({
    code: "DETECTOR_UNAVAILABLE",
    message: `cannot load the ${backend} backend (libtensorflow.so.2: cannot open)`,
  });
});

test("none finds no faces and loads no backend", async () => {
  const broken = { onnx: missing, native: missing, wasm: missing };
  const none = await loadDetector("none", () => {}, broken);
  expect(none.backend).toBe("none");
  expect(await none.detect({ width: 1, height: 1, data: new Uint8Array(3) }, 0)).toEqual([]);
});
