import { describe, expect, test } from "vitest";
import { describeProbe, fastestRoundTrip } from "./probe.ts";

test("describeProbe() keeps the control characters of a response from the terminal", () => {
  const lines = describeProbe({
    request: {
      ...{ sequence: 1, payload: "a", startEpochMicros: 0, startMonotonicSeconds: 0, roundTripSeconds: 1 },
      ...{ sentBytes: 0, outcome: "http-error", status: 503, message: "HTTP 503: \u009b31m" },
    },
    lines: [],
    body: "down\u001b[2J",
  });
  expect(lines).toEqual([
    "response: http-error, after 1.000 s",
    "  reason: HTTP 503:  31m",
    "  body: down [2J",
  ]);
});

describe("fastestRoundTrip()", () => {
  test("takes the shortest of the valid responses", () => {
    const requests = [
      { outcome: "ok", roundTripSeconds: 0.5 },
      { outcome: "http-error", roundTripSeconds: 0.01 },
      { outcome: "ok", roundTripSeconds: 0.2 },
    ] as const;
    expect(fastestRoundTrip(requests)).toBe(0.2);
    expect(fastestRoundTrip(requests.slice(1, 2))).toBeUndefined();
  });

  test("takes as many warm-ups as an experiment may ask for", () => {
    const request = { outcome: "ok", roundTripSeconds: 0.1 } as const;
    expect(fastestRoundTrip(Array.from({ length: 1_000_000 }, () => request))).toBe(0.1);
  });
});
