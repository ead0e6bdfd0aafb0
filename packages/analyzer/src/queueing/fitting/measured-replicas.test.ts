import { expect, it } from "vitest";
import { measuredReplicas } from "./measured-replicas.ts";
import type { ModelCell } from "./observation.ts";

const cellOf = (...replicas: readonly string[]): ModelCell => ({
  ...{ users: 1, thinkTimeSeconds: 0 },
  clients: [
    {
      roundTripSeconds: replicas.map(() => 1),
      successfulRequests: replicas.length,
      trace: replicas.map((replica, index) => ({
        ...{ startSeconds: index, roundTripSeconds: 1, successful: true, replica },
      })),
    },
  ],
});

it("counts replicas that stay, also if a short run does not meet all of them", () => {
  expect(measuredReplicas([cellOf("a", "b", "a"), cellOf("b")])).toBe(2);
});

it("knows replicas that end while others start", () => {
  expect(measuredReplicas([cellOf("a", "b"), cellOf("b", "c")])).toBe("changing");
});

it("is undefined if responses name none", () => {
  expect(measuredReplicas([{ users: 1, thinkTimeSeconds: 0, clients: [] }])).toBeUndefined();
});
