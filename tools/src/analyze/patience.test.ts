import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Patience } from "./patience.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

test("short work is silent, long work speaks every two seconds", () => {
  const said: string[] = [];
  const patience = new Patience((line) => said.push(line));
  for (let second = 0; second <= 5; second++) {
    patience.at(() => `read ${second} of 9 cells`);
    vi.advanceTimersByTime(1000);
  }
  expect(said).toEqual(["analyze: read 2 of 9 cells …", "analyze: read 4 of 9 cells …"]);
});
