import { expect, test } from "vitest";
import type { Observation } from "./observation.ts";
import { StationSpace } from "./station-space.ts";

test("no station has runs whose speeds differ without bound", () => {
  const seen = { users: 4, activeUsers: 4, uncutMeanSeconds: 1, stdevSeconds: 0.1 } as Observation;
  const space = new StationSpace([seen], {
    ...{ discipline: "sharing", timeoutBehaviour: "cancelled", delay: "short" },
  });
  const density = (runError: number) => space.logPrior([0, 0, 0.1, 0, Math.log(runError)]);
  expect(density(0.9)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
  expect(density(1.1)).toBe(Number.NEGATIVE_INFINITY);
});
