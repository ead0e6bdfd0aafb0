import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { noneDetector } from "./detectors/none.ts";
import { handleOnce } from "./once.ts";
import { readOptions } from "./options.ts";
import { decodeImage } from "./picture/codec.ts";

const frame = await readFile(new URL("../testdata/pictures/one-tiny.jpg", import.meta.url));
const options = readOptions({ SLBENCH_REPLICA: "r1", SLBENCH_MAX_BODY: "20000" });

async function* input(...parts: Uint8Array[]) {
  yield* parts;
}
const run = (env: Record<string, string>, ...parts: Uint8Array[]) =>
  handleOnce(input(...parts), env, options, async () => noneDetector);

test("handleOnce() reads the body in parts and the headers from the environment", async () => {
  const { output, exitCode } = await run(
    { Http_Accept: "image/png", Http_Content_Type: "image/jpeg" },
    frame.subarray(0, 1000),
    frame.subarray(1000),
  );
  expect(exitCode).toBe(0);
  expect((await decodeImage(output)).format).toBe("png");
});

test("handleOnce() reports a cold start", async () => {
  const { output } = await run({}, frame);
  expect(JSON.parse(Buffer.from(output).toString())).toMatchObject({ coldStart: true, replica: "r1" });
});

test.each([
  ["nonsense", Buffer.from("%"), "BODY_NOT_BASE64"],
  ["a large body", Buffer.alloc(20_001), "BODY_TOO_LARGE"],
])("handleOnce() exits with 1 and prints the error's JSON for %s", async (_name, body, code) => {
  const { output, exitCode } = await run({}, body);
  expect(exitCode).toBe(1);
  expect(JSON.parse(Buffer.from(output).toString())).toMatchObject({ error: { code } });
});

test("readOptions() has defaults and names the wrong option", () => {
  expect(readOptions({})).toMatchObject({
    backend: "auto",
    host: "127.0.0.1",
    port: 3000,
    maxPixels: 50_000_000,
  });
  expect(() => readOptions({ SLBENCH_PORT: "80 80" })).toThrow("SLBENCH_PORT is 80 80");
  expect(() => readOptions({ SLBENCH_BACKEND: "cuda" })).toThrow("SLBENCH_BACKEND is cuda");
});
