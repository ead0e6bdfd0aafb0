import { expect, it } from "vitest";
import { describeHosting } from "./describe-hosting.ts";

it("names replicas, mode and limit, or the rule with its settings", () => {
  const plain = { replicas: 1, concurrency: 0, mode: "http" } as const;
  expect(describeHosting(plain)).toBe("1 replica, mode http");
  expect(describeHosting({ ...plain, replicas: 3, concurrency: 1, mode: "fork" })).toBe(
    "3 replicas, mode fork, 1 request at once each",
  );
  expect(describeHosting({ ...plain, concurrency: 2 }, true)).toBe(
    "replicas as each cell's name says, mode http, 2 requests at once each",
  );
  const autoscale = { rule: "per-request", keepAliveSeconds: 60, maxReplicas: 4 } as const;
  expect(describeHosting({ ...plain, concurrency: 1, autoscale })).toBe(
    "replicas by rule per-request (keepAliveSeconds 60, maxReplicas 4), 1 request at once each",
  );
});
