import { parseExperiment } from "@slbench/jmeter-plans";
import { describe, expect, test } from "vitest";
import { checkLimit, parseOpenFilesLimit } from "./open-files.ts";

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             127234               127234               processes
Max open files            1024                 524288               files
`;

test.each([
  ["the soft limit", LIMITS, 1024],
  ["no limit", LIMITS.replace("1024  ", "unlimited"), undefined],
  ["nothing where there is no such file", "", undefined],
])("parseOpenFilesLimit() reads %s", (_, text, limit) => {
  expect(parseOpenFilesLimit(text)).toBe(limit);
});

describe("checkLimit()", () => {
  const experiment = parseExperiment("name: x\nload: {users: [1, 400], thinkTimeSeconds: 0}", "x");
  test.each([
    [undefined, undefined, ""],
    [60, "failed", "a process may open 60, JMeter needs 256"],
    [1024, "warning", "a process may open 1024; a JMeter worker with 200 users needs about 1056"],
    [4096, "ok", "a process may open 4096"],
  ])("with a limit of %s: %s", (limit, state, found) => {
    const [finding] = checkLimit(limit, experiment);
    expect(finding?.state).toBe(state);
    expect(finding?.found ?? "").toBe(found);
  });
});
