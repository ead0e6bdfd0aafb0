import type { RequestResult } from "@slbench/client";
import { checkRequestSpec } from "@slbench/client/request-spec";
import { expect, test } from "vitest";
import { explainResponse } from "./explain-response.ts";

const row: RequestResult = {
  ...{ sequence: 1, payload: "a", startEpochMicros: 0, startMonotonicSeconds: 0, roundTripSeconds: 1 },
  ...{ sentBytes: 0, outcome: "ok", status: 200 },
};
const explain = (response: object, found: Partial<RequestResult>) =>
  explainResponse(
    checkRequestSpec({ schema: "slbench.request/1", url: "http://a/", payloads: "none", response }),
    { ...row, ...found },
    undefined,
  );

test.each([
  [2.5, "2.5 s"],
  [126.068 / 1000, "126 ms"],
  [0.00000148199978867, "1.48 µs"],
  [0, "0 µs"],
])("explainResponse() shows a time of %d s as %s", (mlSeconds, shown) => {
  const times = { mlSeconds: { json: "/ms", unit: "ms" } };
  expect(explain({ times }, { mlSeconds })).toContainEqual({
    ...{ found: true, text: `times.mlSeconds: ${shown}` },
  });
});

test.each([
  ['{"label":null}', false, "valid.json /label: null, expected a value"],
  ['{"label":"cat"}', true, 'valid.json /label: "cat"'],
  ["{}", false, "valid.json /label: not found"],
])("explainResponse() finds in %s whether a value is present", (body, found, text) => {
  const response = { valid: { json: { "/label": "present" } } };
  const spec = { schema: "slbench.request/1", url: "http://a/", payloads: "none", response };
  expect(explainResponse(checkRequestSpec(spec), row, body)).toContainEqual({ found, text });
});

test("explainResponse() does not count a stream without events as found", () => {
  expect(explain({ stream: "sse" }, { events: 0 })).toContainEqual({
    ...{ found: false, text: "stream (sse) events: not found" },
  });
  expect(explain({ stream: "sse" }, { events: 3 })).toContainEqual({
    ...{ found: true, text: "stream (sse) events: 3" },
  });
});
