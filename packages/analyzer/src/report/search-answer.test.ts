import { describe, expect, it } from "vitest";
import { summarizeCell } from "../summary/summarize-cell.ts";
import { testClient } from "../testing/clients.ts";
import { testSearch } from "../testing/searches.ts";
import { searchAnswer } from "./search-answer.ts";
import type { ServingAnswer } from "./serving/answer.ts";
import { servedUsers } from "./serving/served.ts";

const search = testSearch();
const cells = [1, search.answer?.atLeast ?? 0].map((users) =>
  summarizeCell({
    condition: { users, thinkTimeSeconds: 0 },
    clients: Array.from({ length: users }, () => testClient({ roundTrips: [1, 1, 1] })),
  }),
);
const [own] = servedUsers(cells, { successRate: 0.99, p95Seconds: 2, source: "" }) as unknown as [
  ServingAnswer,
];

describe("searchAnswer()", () => {
  it("answers as the search does, and takes the cell of that load", () => {
    const answer = searchAnswer(search, own);
    expect(search.answer?.verdict).toBe("decided");
    expect(answer?.state).toBe("served");
    expect(answer?.short).toBe(`${search.answer?.load} users`);
    expect(answer?.cell.users).toBe(search.answer?.atLeast);
    expect(answer?.sentence).toContain("runs");
  });

  it("says between which loads an undecided answer lies", () => {
    const short = testSearch(240);
    expect(short.answer?.verdict).toBe("undecided");
    expect(searchAnswer(short, own)).toMatchObject({
      state: "undecided",
      short: expect.stringMatching(/^(Between \d+ and \d+ users|More than \d+ users?|\d+ users?)$/),
    });
  });

  it("leaves the answer to the cells without a search, or while it runs", () => {
    const { answer: _, ...running } = search;
    expect(searchAnswer(undefined, own)).toBeUndefined();
    expect(searchAnswer(running, own)).toBeUndefined();
  });
});
