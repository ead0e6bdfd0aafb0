import { describe, expect, test } from "vitest";
import { scaleOf } from "./scales.ts";

const labels = (ticks: readonly { readonly label: string }[]) => ticks.map(({ label }) => label);

describe("scaleOf()", () => {
  test.each([
    [{ min: 0, max: 0.263 }, ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"]],
    [{ min: 0, max: 25.2 }, ["0", "5", "10", "15", "20", "25", "30"]],
    [{ min: 0, max: 12_345 }, ["0", "2,000", "4,000", "6,000", "8,000", "10,000", "12,000", "14,000"]],
    [{ min: 0, max: 0 }, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
  ])("ends %o at a round number, with ticks on round numbers", (ends, expected) => {
    const { ticks, domain, at } = scaleOf({ label: "", ...ends }, "y", 250);
    expect(labels(ticks)).toEqual(expected);
    expect(domain?.[1]).toBeGreaterThanOrEqual(ends.max);
    expect([at(domain?.[0] ?? 0), at(domain?.[1] ?? 0)]).toEqual([250, 0]);
  });

  test.each([
    [{ min: 0, max: 3 }, ["0", "1", "2", "3"]],
    [{ min: 1, max: 7 }, ["1", "2", "3", "4", "5", "6", "7"]],
    [{ min: 0, max: 101 }, ["0", "20", "40", "60", "80", "100"]],
  ])("has only whole numbers between %o, and keeps the ends", (ends, expected) => {
    const { ticks, domain } = scaleOf({ label: "", isWhole: true, isNice: false, ...ends }, "x", 420);
    expect(labels(ticks)).toEqual(expected);
    expect(domain).toEqual([ends.min, ends.max]);
  });

  test.each([
    [{ min: 12_000, max: 8_000_000 }, ["10k", "100k", "1M", "10M"]],
    [{ min: 0.2, max: 30 }, ["0.1", "1", "10", "100"]],
  ])("puts equal ratios of %o equally far apart, with ticks at powers of ten", (ends, expected) => {
    const { ticks, at } = scaleOf({ label: "", isLog: true, ...ends }, "x", 300);
    expect(labels(ticks)).toEqual(expected);
    expect(at(ends.min * 2) - at(ends.min)).toBeCloseTo(at(ends.max) - at(ends.max / 2), 9);
  });

  test("writes as many names as there is room for", () => {
    const names = Array.from({ length: 300 }, (_, index) => `${index} × 0.5 s`);
    const { ticks, at, bandPx } = scaleOf({ label: "", names }, "x", 600);
    expect(ticks.length).toBeGreaterThan(3);
    expect(ticks.length).toBeLessThan(10);
    expect(bandPx).toBeGreaterThan(1);
    expect(at(299)).toBeLessThan(600);
  });

  test("puts the first name of an upright axis at the bottom", () => {
    const { at } = scaleOf({ label: "", names: ["1", "2"] }, "y", 100);
    expect(at(0)).toBeGreaterThan(at(1));
  });
});
