import { describe, expect, it, test } from "vitest";
import { drawNormal } from "../../stats/draw-normal.ts";
import { createRandom } from "../../stats/random.ts";
import { studentT } from "../../stats/student-t.ts";
import { fitSizeLine, type SizedRun, type SizeLine } from "./size-line.ts";

type Random = () => number;
type Time = (size: number, index: number) => number;

const payloads = (count: number, random: Random) =>
  Array.from({ length: count }, () => 20 + Math.floor(100 * random()));

function runsOf(count: number, sizes: readonly number[], time: Time): readonly SizedRun[] {
  return Array.from({ length: count }, () => {
    const sent = Array.from({ length: 40 }, (_, index) => sizes[index % sizes.length] as number);
    return [{ sizes: sent, seconds: sent.map(time) }];
  });
}

function lines(make: (random: Random) => readonly SizedRun[], seeds = 200): readonly SizeLine[] {
  return Array.from({ length: seeds }, (_, seed) => fitSizeLine(make(createRandom(1 + seed)))).filter(
    (line) => typeof line !== "string",
  );
}

/** By the rule of findDemandBySize(). */
const isChosen = ({ linearError, constantError, perUnitSeconds, standardError, degrees }: SizeLine) =>
  linearError < 0.9 * constantError && Math.abs(perUnitSeconds) > studentT(0.995, degrees) * standardError;

const shareOf = (all: readonly SizeLine[], of: (line: SizeLine) => boolean) =>
  all.filter(of).length / all.length;

describe("fitSizeLine()", () => {
  test.each([
    ["3 payloads, 1 run", 3, 1],
    ["5 payloads, 1 run", 5, 1],
    ["5 payloads, 4 runs", 5, 4],
    ["100 payloads, 2 runs", 100, 2],
  ])("chooses a line for noise in at most one of 20 cases: %s", (_, count, runs) => {
    const all = lines((random) =>
      runsOf(runs, payloads(count, random), () => 0.5 + 0.15 * drawNormal(random)),
    );
    expect(all.length).toBeGreaterThan(180);
    expect(shareOf(all, isChosen)).toBeLessThanOrEqual(0.05);
  });

  it("chooses no line for noise that lasts over requests, nor for a warm-up and a drift that all runs share", () => {
    const lasting = lines((random) => {
      let state = 0;
      return runsOf(2, payloads(8, random), () => {
        state = 0.8 * state + 0.1 * drawNormal(random);
        return 0.5 + state;
      });
    });
    const drifting = lines((random) =>
      runsOf(
        3,
        payloads(8, random),
        (_, index) => 0.5 + 0.5 / (1 + index) + 0.005 * index + 0.05 * drawNormal(random),
      ),
    );
    for (const all of [lasting, drifting]) expect(shareOf(all, isChosen)).toBeLessThanOrEqual(0.05);
  });

  it("hardly takes payloads that differ for another reason for an effect of their size", () => {
    const all = lines((random) => {
      const sizes = payloads(20, random);
      const own = sizes.map(() => 0.3 * drawNormal(random));
      return runsOf(3, sizes, (_, index) => 0.5 + (own[index % 20] as number) + 0.05 * drawNormal(random));
    });
    expect(shareOf(all, isChosen)).toBeLessThanOrEqual(0.05);
  });

  it("finds the slope, within its 90% interval in at least 90% of cases", () => {
    const all = lines((random) =>
      runsOf(3, payloads(12, random), (size) => 0.12 + 0.01 * size + 0.15 * drawNormal(random)),
    );
    const isInside = ({ perUnitSeconds, standardError, degrees }: SizeLine) =>
      Math.abs(perUnitSeconds - 0.01) < studentT(0.95, degrees) * standardError;
    expect(shareOf(all, isInside)).toBeGreaterThanOrEqual(0.9);
    expect(shareOf(all, isChosen)).toBe(1);
  });

  test.each([
    ["few-requests", [1, 2, 3]],
    ["few-sizes", Array.from({ length: 40 }, (_, index) => index % 2)],
    ["sizes-follow-time", Array.from({ length: 40 }, (_, index) => 10 + index)],
  ])("says %s if no line can be fitted", (reason, sizes) => {
    expect(fitSizeLine([[{ sizes, seconds: sizes.map((size) => 1 + size) }]])).toBe(reason);
  });
});
