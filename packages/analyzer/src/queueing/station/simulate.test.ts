import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";

const options = {
  ...{ users: 2, thinkTimeSeconds: 0, requestsPerUser: 2, startRatePerSecond: 1, limitSeconds: 25 },
  timeoutBehaviour: "cancelled",
  seed: 1,
} as const;
const station = { servers: 1, contention: 0, demandVariation: 0 };

test.each([
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, 0],
  [0, 0],
  [1, Number.POSITIVE_INFINITY],
])(
  "simulate() refuses a demand of %d s after %d s, in which no event would come next",
  (demandSeconds, delaySeconds) => {
    expect(() => simulate({ ...station, demandSeconds, delaySeconds }, options)).toThrow(RangeError);
  },
);

const DISCIPLINES = [undefined, "first-come"] as const;

test.each(
  DISCIPLINES.flatMap((discipline) =>
    (["normal", "lognormal"] as const).map((work) => ({ discipline, work })),
  ),
)("simulate() draws the same requests whether or not it keeps the numbers of its seed: %j", (how) => {
  const { discipline, work } = how;
  const host = {
    ...{ servers: 1.5, contention: 0.1, demandSeconds: 0.2, delaySeconds: 0.01 },
    ...{ demandVariation: 0.4, waitVariation: 0.2, ...(discipline !== undefined && { discipline }) },
  };
  const run = { ...options, users: 5, requestsPerUser: 100, limitSeconds: 1, thinkTimeSeconds: 0.3, work };
  for (const seed of [3, 4, 3]) {
    const kept = simulate(host, { ...run, seed });
    expect(kept).toEqual(simulate(host, { ...run, seed, think: () => run.thinkTimeSeconds }));
    expect(kept).toEqual(simulate(host, { ...run, seed, think: "fixed" }));
  }
});

test("simulate() draws other numbers for sizes and cold starts than for work", () => {
  const host = { ...station, servers: 2, demandSeconds: 0.2, delaySeconds: 0, demandVariation: 0.3 };
  const sizes = { perUnitSeconds: 0.001, meanUnits: 100, classes: [{ share: 1, units: 100 }] };
  const cold = { seconds: 1, variation: 0.1, keepAliveSeconds: 0.5 };
  for (const one of [host, { ...host, sizes }, { ...host, coldStarts: cold } as typeof host]) {
    const run = { ...options, requestsPerUser: 20, work: "lognormal" } as const;
    expect(simulate(one, run)).toEqual(simulate(one, { ...run, think: () => 0 }));
  }
});

test.each(["cancelled", "keeps-running"] as const)(
  "simulate() counts the time of a request that is cut at the other station there, if it is %s",
  (timeoutBehaviour) => {
    const host = {
      ...station,
      demandSeconds: 1,
      delaySeconds: 0.5,
      other: { demandSeconds: 40, servers: 1 },
    };
    const requests = simulate(host, { ...options, timeoutBehaviour });
    expect(requests.map(({ otherSeconds }) => otherSeconds)).toEqual([24.5, 24.5, 24.5, 24.5]);
  },
);
