import { describe, expect, test } from "vitest";
import { fastestRoundTrip } from "./probe.ts";

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
