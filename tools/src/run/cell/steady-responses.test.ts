import { expect, test } from "vitest";
import { feedSteadyPart } from "./steady-responses.ts";

test("passes on what arrives after every user's first response, in whatever order the journals are read", () => {
  const added: number[] = [];
  const watch = { add: (seconds: number) => added.push(seconds), whyMissed: () => undefined };
  const feed = feedSteadyPart(2, watch);
  const request = (atSeconds: number, roundTripSeconds: number) => ({
    ...{ startEpochMicros: 1e6 * atSeconds, roundTripSeconds, outcome: "ok" as const },
  });
  // The first user's responses arrive at 1, 2.5 and 4.25 s, the second user's first one at 2 s.
  for (const one of [request(0, 1), request(1, 1.5), request(2.5, 1.75)]) feed("w1-u1", one);
  expect(added).toEqual([]);
  feed("w1-u2", request(0, 2));
  expect(added).toEqual([1.5, 1.75]);
  feed("w1-u2", request(2, 0.5));
  expect(added).toEqual([1.5, 1.75, 0.5]);
});
