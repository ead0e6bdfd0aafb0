import { expect, it } from "vitest";
import { changesWithin, parseReplicas, renderReplicas, summarizeReplicas } from "./replica-log.ts";

const change = (seconds: number, ready: number, starting = 0, ending = 0) => ({
  ...{ epochMicros: seconds * 1e6, wanted: ready + starting, ready, starting, ending, queued: 0 },
});
const changes = [
  change(0, 0),
  change(5, 0, 2),
  change(8, 2),
  change(20, 1, 0, 1),
  change(22, 1),
  change(50, 0),
];

it("begins with the state at the start of the time", () => {
  const within = changesWithin(changes, { fromMs: 10_000, toMs: 30_000 });
  expect(within).toEqual([change(10, 2), change(20, 1, 0, 1), change(22, 1)]);
});

it("adds up the time that replicas exist, starting and ending ones included", () => {
  expect(summarizeReplicas(changes, { fromMs: 0, toMs: 30_000 })).toEqual({
    ...{ replicaSeconds: 2 * 17 + 8, maxReplicas: 2, seconds: 30 },
  });
  expect(summarizeReplicas(changes, { fromMs: 60_000, toMs: 70_000 })).toEqual({
    ...{ replicaSeconds: 0, maxReplicas: 0, seconds: 10 },
  });
});

it("renders a row per change", () => {
  expect(renderReplicas([change(1.5, 1, 2)])).toBe(
    "epochMicros,wanted,ready,starting,ending,queued\n1500000,3,1,2,0,0\n",
  );
});

it("reads what it rendered, and leaves a torn row out", () => {
  const text = renderReplicas([change(1.5, 1, 2), change(4, 3)]);
  expect(parseReplicas(`${text}5000000,3,1`)).toEqual([
    { atSeconds: 0, wanted: 3, ready: 1, starting: 2, ending: 0, queued: 0 },
    { atSeconds: 2.5, wanted: 3, ready: 3, starting: 0, ending: 0, queued: 0 },
  ]);
  expect(parseReplicas("")).toEqual([]);
});
