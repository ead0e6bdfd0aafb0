import { describe, expect, test } from "vitest";
import type { Warning } from "../../core/warnings.ts";
import { answerWarnings, warningKinds } from "./warnings.ts";

const busy = (users: number): Warning => ({
  ...{ code: "GENERATOR_BUSY", message: `the processors were ${users}% busy`, hint: "use more workers" },
  cell: { users, thinkTimeSeconds: 0 },
});
const timeZone: Warning = {
  code: "TIME_ZONE_USED",
  message: "dates were read as UTC",
  hint: "set --time-zone",
};

describe("warningKinds()", () => {
  test("merges warnings of one code whose hints differ in numbers only", () => {
    const more = (count: number) => ({ ...busy(count), hint: `send ${count} more requests` });
    expect(warningKinds([more(1), timeZone, more(2)]).map(({ warnings }) => warnings.length)).toEqual([2, 1]);
  });
});

describe("answerWarnings()", () => {
  test("names the cells of ten like warnings in one line", () => {
    const html = answerWarnings({ warnings: Array.from({ length: 10 }, (_, index) => busy(index + 1)) });
    expect(html.match(/<li>/g)).toHaveLength(1);
    expect(html).toContain("1 user, think time 0 s: the processors were 1% busy; likewise 9 others: 2 users");
    expect(html).toContain("and 4 more.");
  });

  test("leaves out what does not change the answer", () => {
    expect(answerWarnings({ warnings: [timeZone] })).toBe("");
    expect(answerWarnings({ warnings: [] })).toBe("");
  });
});
