import type { RequestResult } from "@slbench/client/report";
import { describe, expect, it } from "vitest";
import { analyze } from "../analyze.ts";
import { clientReport, logXml, sampleXml } from "../testing/client-report.ts";
import { breakEvenPerSecond, costOfCells } from "./cost-of-cells.ts";
import { chargedSeconds, type Price, priceOfRequest } from "./price.ts";

const about = {
  schema: "slbench.price/1",
  ...{ name: "x", title: "X", region: "r", date: "2026", source: "s", currency: "USD" },
} as const;
const perUse = { perRequest: 0.001, perGbSecond: 0.1, perVcpuSecond: 0.01, roundUpSeconds: 0.1 };
const size = { memoryGb: 2, vcpus: 3 };

describe("chargedSeconds()", () => {
  it.each([
    [0.05, 0.1],
    [0.1, 0.1],
    [0.3, 0.3],
    [0.301, 0.4],
  ])("charges %f s as %f s in steps of 0.1 s", (seconds, charged) => {
    expect(chargedSeconds(seconds, perUse)).toBeCloseTo(charged, 12);
  });

  it("charges at least the minimum", () => {
    expect(chargedSeconds(0.02, { perRequest: 0, roundUpSeconds: 0.001, minimumSeconds: 0.1 })).toBe(0.1);
  });
});

it("prices memory and vCPUs of a request", () => {
  // 0.001 + (0.1 × 2 GB + 0.01 × 3 vCPUs) × 0.4 s
  expect(priceOfRequest(0.301, perUse, size)).toBeCloseTo(0.093, 12);
});

describe("costOfCells()", () => {
  /** Three runs of a user whose second of four requests times out after a second. */
  const requests = [0.3, 1, 0.3, 0.3].map((roundTripSeconds, index): RequestResult => {
    const isLate = index === 1;
    return {
      ...{ sequence: index + 1, payload: "a", sentBytes: 1, roundTripSeconds },
      outcome: isLate ? "timeout" : "ok",
      startEpochMicros: 1e15 + 1e6 * index,
      startMonotonicSeconds: index,
      ...(!isLate && { status: 200, handlerSeconds: 0.25 }),
    };
  });
  const text = logXml([sampleXml(JSON.stringify(clientReport(requests)))]);
  const analysis = analyze(
    [1, 2, 3].map((repetition) => ({
      ...{ users: 1, thinkTimeSeconds: 0, repetition, source: `r${repetition}.xml`, text },
    })),
    { part: "whole" },
  );

  it("charges failed requests to the valid ones", () => {
    const [cell] = costOfCells(analysis, { ...about, perUse }, size);
    // Three requests of 0.3 s and one of 1 s: (4 × 0.001 + 0.23 × 1.9) ÷ 3 × 1000
    expect(cell?.perThousand?.value).toBeCloseTo(147, 6);
    expect(cell).toMatchObject({ durations: "handler", condition: { users: 1 } });
  });

  it("divides the price of an hour by the valid responses in it", () => {
    const price: Price = { ...about, perHour: 3.6 };
    const [cell] = costOfCells(analysis, price, size);
    const rate = cell?.throughputPerSecond ?? 0;
    expect(cell).not.toHaveProperty("durations");
    // Three in the 3.3 s from the first start to the last response.
    expect(rate).toBeCloseTo(3 / 3.3, 6);
    expect(cell?.perThousand?.value).toBeCloseTo(1 / rate, 9);
    expect(breakEvenPerSecond(3.6, cell?.perThousand?.value ?? 0)).toBeCloseTo(rate, 9);
  });
});
