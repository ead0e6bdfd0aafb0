import { parsePointer, valueAt } from "@slbench/client/request-spec";
import { describe, expect, test } from "vitest";
import { type PresetName, presets } from "./presets.ts";

const at = (document: unknown, pointer: string) => valueAt(document, parsePointer(pointer) ?? []);

/** Whether a document has every field that a preset requires of a valid response. */
const isValid = (name: PresetName, document: unknown) =>
  Object.keys(presets[name].response.valid.json ?? {}).every(
    (pointer) => at(document, pointer) !== undefined,
  );

/** As the suite's wrappers return it; field names from spcl/serverless-benchmarks. */
const sebs = {
  ...{ begin: "1700000000.1", end: "1700000000.2", results_time: 0, request_id: "r" },
  ...{ is_cold: true, cold_start_var: "", container_id: "abcd1234" },
  result: { output: { idx: 1 }, measurement: { compute_time: 123_456.0, download_time: 1.0 } },
};
const { container_id: _, cold_start_var: __, ...openWhisk } = sebs;
const { is_cold: ___, ...failure } = { ...openWhisk, result: "Error - invocation failed! Reason: x" };

describe("presets", () => {
  test.each<[PresetName, string, unknown, boolean]>([
    ["sebs", "a response on AWS", sebs, true],
    ["sebs", "a response on OpenWhisk or Knative", openWhisk, true],
    ["sebs", "a failure on OpenWhisk or Knative, which has status 200", failure, false],
    ["kserve-v2", "a response", { id: "42", outputs: [{ name: "output0", shape: [1], data: [1] }] }, true],
    ["kserve-v2", "an error", { error: "no such model" }, false],
  ])("%s: %s", (name, _what, document, valid) => {
    expect(isValid(name, document)).toBe(valid);
  });

  test("sebs finds time, cold start and container where the suite's wrappers put them", () => {
    const { times, coldStart, replica } = presets.sebs.response;
    const find = (source: object | undefined) => at(sebs, (source as { json: string }).json);
    expect(times?.mlSeconds).toMatchObject({ unit: "us" });
    expect([times?.mlSeconds, coldStart, replica].map(find)).toEqual([123_456, true, "abcd1234"]);
  });
});
