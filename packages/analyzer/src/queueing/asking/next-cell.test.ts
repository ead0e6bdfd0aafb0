import { expect, it } from "vitest";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import { fitModel } from "../fit-model.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { proposeNextCell } from "./next-cell.ts";
import { predict } from "./predict.ts";

/** Up to four users show no upper end of six servers. */
const HOST: ModelParameters = {
  ...{ demandSeconds: 4, servers: 6, contention: 0, delaySeconds: 0, demandVariation: 0.08 },
};
const measure = (users: number, thinkTimeSeconds: number) =>
  simulatedCell(HOST, { users, thinkTimeSeconds, runError: 0.015, seed: 10 * users + thinkTimeSeconds });
const LIGHT = [1, 2, 3, 4].flatMap((users) => [0, 1, 5].map((think) => measure(users, think)));
const model = fitModel(LIGHT, { limitSeconds: 25 });
const HEAVY = { users: 12, thinkTimeSeconds: 0 };
const widthOf = ({ prediction }: typeof model) => {
  const [heavy] = predict([HEAVY], prediction);
  return ((heavy?.interval.high ?? 0) - (heavy?.interval.low ?? 0)) / (heavy?.meanRoundTripSeconds ?? 0);
};

it("proposes a cell that tells the plausible hosts apart: predictions become far narrower than with a light one", () => {
  const next = proposeNextCell(model);
  expect(next?.users).toBeGreaterThan(4);
  expect(next?.separation).toBeGreaterThan(2);
  const withNext = fitModel([...LIGHT, measure(next?.users ?? 1, next?.thinkTimeSeconds ?? 0)], {
    limitSeconds: 25,
  });
  const withLight = fitModel([...LIGHT, measure(5, 1)], { limitSeconds: 25 });
  expect(widthOf(withNext)).toBeLessThan(0.5 * widthOf(withLight));
}, 60_000);
