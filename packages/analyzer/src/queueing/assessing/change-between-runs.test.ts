import { describe, expect, it } from "vitest";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import { fitModel } from "../fit-model.ts";
import type { ModelCell } from "../fitting/observation.ts";

const HOST = { demandSeconds: 1, servers: 2, contention: 0, delaySeconds: 0, demandVariation: 0.08 };
const THINK_TIMES = [0, 1, 5];
const LOADS = [1, 2, 3, 4, 6, 8].flatMap((users) =>
  THINK_TIMES.map((thinkTimeSeconds) => ({ users, thinkTimeSeconds })),
);
/** Of the loads, as a seeded experiment may order them. */
const ORDER = [7, 14, 2, 10, 17, 5, 0, 12, 8, 3, 15, 11, 6, 1, 16, 9, 13, 4] as const;
const OPTIONS = { limitSeconds: 60, replications: 40, seed: 1 };

/** Cells measured one after another; the host is slower by a factor from a place on. */
function measure(order: readonly number[], slowFrom: number, slowdown: number): readonly ModelCell[] {
  return order.map((load, place) => {
    const own = place < slowFrom ? HOST : { ...HOST, demandSeconds: slowdown * HOST.demandSeconds };
    const { users, thinkTimeSeconds } = LOADS[load] as (typeof LOADS)[number];
    return startingAt(
      600 * place,
      simulatedCell(own, { users, thinkTimeSeconds, limitSeconds: 60, seed: load, runError: 0.015 }),
    );
  });
}

const startingAt = (seconds: number, { clients, ...cell }: ModelCell): ModelCell => ({
  ...cell,
  clients: clients.map(({ trace = [], ...client }) => ({
    ...client,
    trace: trace.map((request) => ({ ...request, startSeconds: seconds + request.startSeconds })),
  })),
});

describe("a host that changes between runs", () => {
  it.each([
    [6, 1.25, "after", "longer"],
    [12, 1.25, "before", "longer"],
    [6, 0.8, "after", "shorter"],
  ])("is fitted by the longer part (from run %i on × %f)", (slowFrom, slowdown, part, change) => {
    const model = fitModel(measure(ORDER, slowFrom, slowdown), OPTIONS);
    const own = part === "after" ? slowdown : 1;
    expect(model.parameters.demandSeconds / own).toBeGreaterThan(0.96);
    expect(model.parameters.demandSeconds / own).toBeLessThan(1.04);
    expect(model.observations).toHaveLength(12);
    expect(model.verdict.reasons).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^The host changed between runs: after ${slowFrom} of 18, round trips were about \\d+% ${change} .* Only the 12 runs ${part} the change are in the fit\\.$`,
        ),
      ),
    );
  });

  it("is named, with caution, if neither part has enough loads", () => {
    const twoUsers = ORDER.filter((load) => load < 6);
    const cells = [...twoUsers, ...twoUsers].map((load, place) => {
      const cell = measure([load], place < 6 ? 1 : 0, 1.3)[0] as ModelCell;
      // Think times that differ a little, so that no condition is measured twice.
      return startingAt(600 * place, {
        ...cell,
        thinkTimeSeconds: cell.thinkTimeSeconds + (place < 6 ? 0 : 0.01),
      });
    });
    const { verdict, observations } = fitModel(cells, OPTIONS);
    expect(observations).toHaveLength(12);
    expect(verdict.level).not.toBe("trust");
    expect(verdict.reasons).toContainEqual(expect.stringContaining("Measure again on a quieter machine"));
  });

  it("is not claimed of a steady host", () => {
    const { observations, verdict } = fitModel(measure(ORDER, 0, 1), OPTIONS);
    expect(observations).toHaveLength(18);
    expect(verdict.reasons.join()).not.toContain("changed between runs");
  });

  it("is not claimed where the loads grow with time, because a misfit would look alike", () => {
    const { observations } = fitModel(
      measure(
        [...ORDER].sort((a, b) => a - b),
        4,
        1.25,
      ),
      OPTIONS,
    );
    expect(observations).toHaveLength(18);
  });
});
