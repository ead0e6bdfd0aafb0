import { describe, expect, it } from "vitest";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import { fitModel } from "../fit-model.ts";
import type { ModelCell } from "../fitting/observation.ts";
import { leaveOutChanged } from "./leave-out-changed.ts";

/** One station with one server: N users wait N demands; two runs. */
const cell = (users: number, demandSeconds: number, changed: readonly number[] = []): ModelCell => ({
  users,
  thinkTimeSeconds: 0,
  clients: [1, 2].flatMap((repetition) =>
    Array.from({ length: users }, (_, client) => ({
      roundTripSeconds: Array.from(
        { length: 30 },
        (_, n) =>
          users *
          (changed.includes(repetition) ? demandSeconds / 2 : demandSeconds) *
          (1 + 0.02 * ((n + client) % 5)),
      ),
      successfulRequests: 30,
      repetition,
    })),
  ),
  ...(changed.length > 0 && {
    changes: changed.map((repetition) => ({ repetition, at: 10, of: 60, changeRatio: -0.5 })),
  }),
});

const OPTIONS = { limitSeconds: 25, replications: 40, seed: 1 };

describe("leaveOutChanged()", () => {
  it("leaves out changed runs, and cells that have no other, and names them", () => {
    const { cells, caveats } = leaveOutChanged(
      [...[1, 2, 4].map((users) => cell(users, 0.5)), cell(6, 0.5, [2]), cell(8, 0.5, [1, 2])],
      OPTIONS,
    );
    expect(cells.map(({ users, clients }) => [users, clients.length])).toEqual([
      [1, 2],
      [2, 4],
      [4, 8],
      [6, 6],
    ]);
    expect(caveats.map(({ level }) => level)).toEqual(["note", "note"]);
    expect(caveats[0]?.reason).toBe(
      "Left out of the fit: 6 users, think time 0 s, where the host changed within repetition 2 (round trips 50% shorter after request 10 of 60).",
    );
  });

  it("keeps all where too few loads would remain, with caution", () => {
    const cells = [cell(1, 0.5), cell(2, 0.5), cell(4, 0.5, [1, 2])];
    expect(leaveOutChanged(cells, OPTIONS)).toMatchObject({ cells, caveats: [{ level: "caution" }] });
  });

  it("makes a fit true that a changed cell would spoil", () => {
    const steady = [1, 2, 4, 8].map((users) => cell(users, 0.5));
    const options = { limitSeconds: 25, seed: 1, replications: 5 };
    const fitted = fitModel([...steady, cell(6, 0.5, [1, 2])], options);
    expect(fitted.parameters.demandSeconds).toBe(fitModel(steady, options).parameters.demandSeconds);
    expect(fitted.verdict.reasons.join(" ")).toContain("Left out of the fit: 6 users");
  });

  describe("with the starts of requests", () => {
    const HOST = { demandSeconds: 1, servers: 3, contention: 0, delaySeconds: 0, demandVariation: 0.08 };
    const light = [1, 2, 4, 5].map((users) =>
      simulatedCell(HOST, { users, thinkTimeSeconds: 0, seed: users }),
    );
    const CHANGE_SECONDS = 60;

    /** Nine users; the host changes its speed after a minute. */
    function changing(before: number, after: number): ModelCell {
      const measured = simulatedCell(HOST, {
        ...{ users: 9, thinkTimeSeconds: 0, seed: 9, startRatePerSecond: 10 },
        hostSpeed: (atSeconds) =>
          atSeconds < CHANGE_SECONDS
            ? { factor: before, untilSeconds: CHANGE_SECONDS }
            : { factor: after, untilSeconds: Number.POSITIVE_INFINITY },
      });
      const starts = measured.clients.flatMap(({ trace = [] }) => trace.map((one) => one.startSeconds));
      const at = starts.filter((start) => start < CHANGE_SECONDS).length;
      return {
        ...measured,
        changes: [{ repetition: 1, at, of: starts.length, changeRatio: before / after - 1 }],
      };
    }

    it.each([
      ["before", changing(1, 0.6)],
      ["after", changing(0.6, 1)],
    ])("keeps the part %s the change if the host was then as in the other cells", (part, cell) => {
      const { cells, caveats } = leaveOutChanged([...light, cell], OPTIONS);
      expect(cells).toHaveLength(light.length + 1);
      expect(cells.at(-1)).toMatchObject({ users: 9, isSteady: true });
      expect(caveats).toEqual([
        {
          level: "note",
          reason: expect.stringContaining(`; the part ${part} the change in repetition 1 is in the fit`),
        },
      ]);
    });

    it("keeps no part of a run in which the host never was as in the other cells", () => {
      const { cells, caveats } = leaveOutChanged([...light, changing(0.3, 0.5)], OPTIONS);
      expect(cells).toHaveLength(light.length);
      expect(caveats[0]?.reason).not.toContain("is in the fit");
    });

    it("shows a capacity that is seen in that part only", () => {
      const few = [1, 2, 3].map((users) => simulatedCell(HOST, { users, thinkTimeSeconds: 0, seed: users }));
      const options = { limitSeconds: 25, seed: 1, replications: 60 };
      const model = fitModel([...few, changing(1, 0.6)], options);
      expect(model.intervals.servers.high).toBeLessThan(3.6);
      expect(fitModel(few, options).intervals.servers.high).toBeUndefined();
    });
  });
});
