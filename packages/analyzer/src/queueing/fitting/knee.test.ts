import { expect, it } from "vitest";
import { figuresOfCell, simulatedCell } from "../../testing/simulated-cell.ts";
import { type Prediction, predict } from "../asking/predict.ts";
import { fitModel } from "../fit-model.ts";
import type { ModelParameters } from "../station/parameters.ts";

const HOST: ModelParameters = {
  ...{ demandSeconds: 1, servers: 3, contention: 0, delaySeconds: 0, demandVariation: 0.08 },
};
const KNEE = { beyond: 5, slowdown: 1.5 };
const LOADS = [1, 3, 5, 9].flatMap((users) =>
  [0, 1, 5].map((thinkTimeSeconds) => ({ users, thinkTimeSeconds })),
);

const fit = (host: ModelParameters, most = 9) =>
  fitModel(
    LOADS.filter(({ users }) => users <= most).map((load, seed) =>
      simulatedCell(host, { ...load, seed, limitSeconds: 60, runError: 0.015 }),
    ),
    { limitSeconds: 60, replications: 100 },
  );

it("finds where requests begin to take longer, and by how much", () => {
  const { parameters, verdict, prediction } = fit({ ...HOST, knee: KNEE });
  expect(parameters.demandSeconds).toBeGreaterThan(0.95);
  expect(parameters.demandSeconds).toBeLessThan(1.05);
  // Nine users without think time are always beyond it, five never.
  expect(parameters.knee?.beyond).toBeGreaterThanOrEqual(5);
  expect(parameters.knee?.beyond).toBeLessThan(9);
  expect(parameters.knee?.slowdown).toBeGreaterThan(1.4);
  expect(parameters.knee?.slowdown).toBeLessThan(1.6);
  const reason = verdict.reasons.find((one) => one.includes("a cache or the memory overflowed")) ?? "";
  const [least, slowest] = [/^With more than (\d)/, /each takes (\d\.\d\d) to/].map((part) =>
    Number(part.exec(reason)?.[1]),
  );
  expect(least).toBeGreaterThanOrEqual(5);
  expect(slowest).toBeGreaterThan(1.3);
  const load = { users: 18, thinkTimeSeconds: 0 };
  const [twice] = predict([load], prediction) as [Prediction];
  const truth = figuresOfCell(
    simulatedCell({ ...HOST, knee: KNEE }, { ...load, seed: 99, limitSeconds: 60 }),
  );
  expect(Math.abs(twice.meanRoundTripSeconds / truth.mean - 1)).toBeLessThan(0.07);
}, 60_000);

it.each([
  ["contention", { ...HOST, contention: 0.08 }, 9],
  ["no load beyond it", { ...HOST, knee: KNEE }, 5],
])(
  "claims none with %s",
  (_, host, most) => {
    const { parameters, verdict } = fit(host, most);
    expect(parameters.knee).toBeUndefined();
    expect(verdict.reasons.join()).not.toContain("overflowed");
  },
  60_000,
);
