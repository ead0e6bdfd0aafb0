import { expect, it } from "vitest";
import { fitModel } from "../fit-model.ts";
import { predict } from "./predict.ts";

const clients = (users: number, seconds: number) =>
  Array.from({ length: users }, (_, client) => ({
    roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
    successfulRequests: 30,
  }));
const cells = [
  { users: 1, seconds: 0.5 },
  { users: 2, seconds: 0.6 },
  { users: 4, seconds: 1.2 },
].map(({ users, seconds }) => ({ users, thinkTimeSeconds: 0, clients: clients(users, seconds) }));
const { prediction } = fitModel(cells, { limitSeconds: 3, seed: 1, replications: 20 });
const CONDITIONS = [
  { users: 3, thinkTimeSeconds: 0 },
  { users: 8, thinkTimeSeconds: 1 },
];

it("predicts the same whatever was predicted before", () => {
  // Of another plan, nothing was simulated yet.
  const anew = () => ({ ...prediction, plan: { ...prediction.plan } });
  const input = anew();
  const first = predict(CONDITIONS, input, [1]);
  expect(predict(CONDITIONS.toReversed(), input, [1]).toReversed()).toEqual(first);
  expect(predict(CONDITIONS, anew(), [1])).toEqual(first);
});

it.each([
  ["the seed", { seed: 2 }],
  ["the time limit", { limitSeconds: 1.2 }],
  ["the stations", { draws: prediction.draws.slice(1), plausible: prediction.plausible.slice(1) }],
])("predicts something else if %s changes", (_, change) => {
  const before = predict(CONDITIONS, prediction);
  const changed = { ...prediction, ...change };
  expect(predict(CONDITIONS, changed)).not.toEqual(before);
  expect(predict(CONDITIONS, changed)).toEqual(
    predict(CONDITIONS, { ...changed, plan: { ...changed.plan } }),
  );
});

it("answers other thresholds for the same loads", () => {
  const within = (seconds: number) => predict(CONDITIONS, prediction, [seconds])[0]?.within?.[0]?.ratio;
  expect(within(0.1)).toBe(0);
  expect(within(100)).toBe(predict(CONDITIONS, prediction)[0]?.successRate);
});

it("does not take requests that differ for hosts that disagree", () => {
  const [draw] = prediction.draws;
  if (draw === undefined) throw new RangeError("no draws");
  const parameters = { ...draw.parameters, servers: 4, demandVariation: 1 };
  const one = { ...draw, runErrorRatio: 0, parameters };
  const draws = Array.from({ length: 40 }, () => one);
  const input = { ...prediction, draws, plausible: draws, limitSeconds: 100 };
  const plan = { ...prediction.plan, requestsPerUser: 50, isSteady: false };
  const [predicted] = predict([{ users: 2, thinkTimeSeconds: 0 }], { ...input, plan });
  if (predicted === undefined) throw new RangeError("no prediction");
  const { agreement, interval, meanRoundTripSeconds } = predicted;
  // All are one host, whose runs differ.
  expect((interval.high - interval.low) / meanRoundTripSeconds).toBeGreaterThan(0.3);
  expect(agreement).toBeGreaterThan(0.9);
});
