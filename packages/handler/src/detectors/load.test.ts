import { expect, test } from "vitest";
import type { Backend, FaceDetector } from "../detector.ts";
import { loadDetector } from "./load.ts";

const detector = (backend: Backend): FaceDetector => ({ backend, detect: async () => [] });
const missing = () => Promise.reject(new Error("libtensorflow.so.2: cannot open\nand more"));
const load = {
  "onnx-int8": async () => detector("onnx-int8"),
  onnx: async () => detector("onnx"),
  native: async () => detector("native"),
  wasm: async () => detector("wasm"),
};

test("auto uses ONNX Runtime in 8-bit integers without a message", async () => {
  const warnings: string[] = [];
  expect(await loadDetector("auto", (line) => warnings.push(line), load)).toMatchObject({
    backend: "onnx-int8",
  });
  expect(warnings).toEqual([]);
});

test("auto falls back to floating point, native TensorFlow, then wasm, and reports the reasons", async () => {
  const warnings: string[] = [];
  const announce = (line: string) => warnings.push(line);
  const noInteger = { ...load, "onnx-int8": () => Promise.reject(new Error("sums overflow")) };
  expect(await loadDetector("auto", announce, noInteger)).toMatchObject({ backend: "onnx" });
  const noPackage = () => Promise.reject(new Error("Cannot find module 'onnxruntime-node'"));
  const noOnnx = { ...load, "onnx-int8": noPackage, onnx: noPackage };
  expect(await loadDetector("auto", announce, noOnnx)).toMatchObject({ backend: "native" });
  const noNative = { ...noOnnx, native: missing };
  expect(await loadDetector("auto", announce, noNative)).toMatchObject({ backend: "wasm" });
  const reason = "(Cannot find module 'onnxruntime-node')";
  const first = `WARNING: cannot load the onnx-int8 backend ${reason} or the onnx backend ${reason}`;
  expect(warnings).toEqual([
    "WARNING: cannot load the onnx-int8 backend (sums overflow); using the onnx backend",
    `${first}; using the native backend`,
    `${first} or the native backend (libtensorflow.so.2: cannot open); using the wasm backend, which is several times slower`,
  ]);
});

test.each(["onnx-int8", "onnx", "native", "wasm"] as const)("%s does not fall back", async (backend) => {
  const broken = { "onnx-int8": missing, onnx: missing, native: missing, wasm: missing };
  await expect(
    loadDetector(backend, () => {}, { ...load, [backend]: broken[backend] }),
  ).rejects.toMatchObject({
    code: "DETECTOR_UNAVAILABLE",
    message: `cannot load the ${backend} backend (libtensorflow.so.2: cannot open)`,
  });
});

test("none finds no faces and loads no backend", async () => {
  const broken = { "onnx-int8": missing, onnx: missing, native: missing, wasm: missing };
  const none = await loadDetector("none", () => {}, broken);
  expect(none.backend).toBe("none");
  expect(await none.detect({ width: 1, height: 1, data: new Uint8Array(3) }, 0)).toEqual([]);
});
