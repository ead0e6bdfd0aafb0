import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProgressNotifier } from "./progress-notifier.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

test("reports every two seconds, and nothing for short work", () => {
  const said: string[] = [];
  const progressNotifier = new ProgressNotifier((line) => said.push(line));
  for (let second = 0; second <= 5; second++) {
    progressNotifier.at(() => `read ${second} of 9 cells`);
    vi.advanceTimersByTime(1000);
  }
  expect(said).toEqual(["analyze: read 2 of 9 cells …", "analyze: read 4 of 9 cells …"]);
});
