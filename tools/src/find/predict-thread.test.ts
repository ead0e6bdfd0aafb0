import { type ModelCell, predictBeyond } from "@slbench/analyzer";
import { expect, test } from "vitest";
import { predictInThread } from "./predict-thread.ts";

test("predicts in a thread what the analyzer predicts, and lets the main thread go on meanwhile", async () => {
  const cells = [
    [1, 0.5],
    [2, 0.6],
    [4, 1.2],
    [8, 2.4],
  ].map(
    ([users = 1, seconds = 1]): ModelCell => ({
      ...{ users, thinkTimeSeconds: 0 },
      clients: Array.from({ length: users }, (_, client) => ({
        roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
        successfulRequests: 30,
      })),
    }),
  );
  const options = { goal: "mean<3s", thinkTimeSeconds: 0, users: 8, limitSeconds: 25 };
  let turns = 0;
  const turning = setInterval(() => turns++, 1);
  const predicted = await predictInThread({ cells, options }).finally(() => clearInterval(turning));
  expect(turns).toBeGreaterThan(1);
  expect(predicted).toEqual(predictBeyond(cells, options));
  expect(predicted?.replicas?.users).toBeGreaterThan(8);
}, 120_000);
