import { expect, test } from "vitest";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import type { Observation } from "./observation.ts";
import { prepare } from "./prepare-cell.ts";
import { simulateResponse } from "./run-response.ts";

const host = { demandSeconds: 1, servers: 1, contention: 0, delaySeconds: 0, demandVariation: 0.1 };
const condition = { users: 2, thinkTimeSeconds: 0 };
const seen = prepare(simulatedCell(host, { ...condition, seed: 1 }), 25).seen as Observation;

test("the split is finite if all requests time out at one of two stations", () => {
  const stations = { ...host, other: { demandSeconds: 40, servers: 1 } };
  const limit = { limitSeconds: 5, timeoutBehaviour: "cancelled", runs: 4 } as const;
  const { success, logSplit, splitError } = simulateResponse(stations, seen, limit);
  expect(success).toBe(0);
  expect([logSplit, splitError].every(Number.isFinite)).toBe(true);
});
