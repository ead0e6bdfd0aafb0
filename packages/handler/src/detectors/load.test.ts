import { expect, test } from "vitest";
import type { FaceDetector } from "../detector.ts";
import { loadDetector } from "./load.ts";

const wasm: FaceDetector = { backend: "wasm", detect: async () => [] };
const native: FaceDetector = { backend: "native", detect: async () => [] };
const broken = {
  native: () => Promise.reject(new Error("libtensorflow.so.2: cannot open\nand more")),
  wasm: async () => wasm,
};

test("auto uses native without a message", async () => {
  const warnings: string[] = [];
  const load = { ...broken, native: async () => native };
  expect(await loadDetector("auto", (line) => warnings.push(line), load)).toBe(native);
  expect(warnings).toEqual([]);
});

test("auto falls back to wasm and reports the reason", async () => {
  const warnings: string[] = [];
  expect(await loadDetector("auto", (line) => warnings.push(line), broken)).toBe(wasm);
  expect(warnings).toEqual([
    "WARNING: native TensorFlow cannot be loaded (libtensorflow.so.2: cannot open); using the wasm backend, which is several times slower",
  ]);
});

test("native does not fall back", async () => {
  await expect(loadDetector("native", () => {}, broken)).rejects.toMatchObject({
    code: "DETECTOR_UNAVAILABLE",
    message: expect.stringContaining("libtensorflow.so.2"),
  });
});

test("none finds no faces and loads no backend", async () => {
  const load = { native: () => Promise.reject(new Error()), wasm: () => Promise.reject(new Error()) };
  const detector = await loadDetector("none", () => {}, load);
  expect(detector.backend).toBe("none");
  expect(await detector.detect({ width: 1, height: 1, data: new Uint8Array(3) }, 0)).toEqual([]);
});
