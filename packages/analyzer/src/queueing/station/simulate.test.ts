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
