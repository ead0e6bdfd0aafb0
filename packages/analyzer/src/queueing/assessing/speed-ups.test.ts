import { describe, expect, it } from "vitest";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import type { HostSpeed } from "../station/simulate.ts";
import { checkSpeedUps } from "./speed-ups.ts";

const host = { demandSeconds: 2, servers: 2, contention: 0, delaySeconds: 0, demandVariation: 0.08 };

/** One server more after 30 s, and another one after 60 s. */
const growing: HostSpeed = (atSeconds, inService) => {
  const servers = 2 + Number(atSeconds >= 30) + Number(atSeconds >= 60);
  const untilSeconds = [30, 60].find((at) => at > atSeconds) ?? Number.POSITIVE_INFINITY;
  return {
    factor: inService === 0 ? 1 : Math.min(1, servers / inService) / Math.min(1, 2 / inService),
    untilSeconds,
  };
};

const cellsOf = (hostSpeed?: HostSpeed) =>
  [1, 3, 5, 9].flatMap((users) =>
    [0, 1].map((thinkTimeSeconds) =>
      simulatedCell(host, { users, thinkTimeSeconds, seed: users, ...(hostSpeed && { hostSpeed }) }),
    ),
  );

describe("checkSpeedUps()", () => {
  it("finds a platform that started replicas during the runs", () => {
    const [caveat] = checkSpeedUps(cellsOf(growing), undefined, "changing");
    expect(caveat?.reason).toMatch(
      /In \d of 6 runs, at equal load, later requests were faster \(by up to \d\d%\): the platform started replicas/,
    );
  });

  it("does not blame replicas whose number is known to have stayed the same", () => {
    const [caveat] = checkSpeedUps(cellsOf(growing), undefined, 1);
    expect(caveat?.reason).toMatch(/the function warmed up/);
    expect(caveat?.reason).not.toMatch(/replicas/);
  });

  it("says nothing if it is not known when requests started", () => {
    const clients = [{ roundTripSeconds: [1, 1], successfulRequests: 2 }];
    expect(checkSpeedUps([{ users: 2, thinkTimeSeconds: 0, clients }], undefined, undefined)).toEqual([]);
  });

  it("finds none on a host that stays the same", () => {
    expect(checkSpeedUps(cellsOf(), undefined, undefined)).toEqual([]);
  });
});
