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

test("explainResponse() shows a time without the noise of a division", () => {
  const times = { mlSeconds: { json: "/ms", unit: "ms" } };
  expect(126.068 / 1000).toBe(0.12606799999999999);
  expect(explain({ times }, { mlSeconds: 126.068 / 1000 })).toContainEqual({
    ...{ found: true, text: "times.mlSeconds: 0.126068" },
  });
});

test("explainResponse() does not count a stream without events as found", () => {
  expect(explain({ stream: "sse" }, { events: 0 })).toContainEqual({
    ...{ found: false, text: "stream (sse) events: not found" },
  });
  expect(explain({ stream: "sse" }, { events: 3 })).toContainEqual({
    ...{ found: true, text: "stream (sse) events: 3" },
  });
});
