import { describe, expect, it } from "vitest";
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

describe("leaveOutChanged()", () => {
  it("leaves out changed runs, and cells that have no other, and names them", () => {
    const { cells, caveats } = leaveOutChanged([
      ...[1, 2, 4].map((users) => cell(users, 0.5)),
      cell(6, 0.5, [2]),
      cell(8, 0.5, [1, 2]),
    ]);
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
    expect(leaveOutChanged(cells)).toMatchObject({ cells, caveats: [{ level: "caution" }] });
  });

  it("makes a fit true that a changed cell would spoil", () => {
    const steady = [1, 2, 4, 8].map((users) => cell(users, 0.5));
    const options = { limitSeconds: 25, seed: 1, replications: 5 };
    const fitted = fitModel([...steady, cell(6, 0.5, [1, 2])], options);
    expect(fitted.parameters.demandSeconds).toBe(fitModel(steady, options).parameters.demandSeconds);
    expect(fitted.verdict.reasons.join(" ")).toContain("Left out of the fit: 6 users");
  });
});
