import { expect, test } from "vitest";
import type { CellSummary } from "../../summary/cell.ts";
import { summarizeCell } from "../../summary/summarize-cell.ts";
import { testClient } from "../../testing/clients.ts";
import { answerSection } from "./answer.ts";

const cell = (users: number, thinkTimeSeconds: number, seconds: number): CellSummary =>
  summarizeCell({
    condition: { users, thinkTimeSeconds },
    clients: Array.from({ length: users }, () => testClient({ roundTrips: [seconds, seconds, seconds] })),
  });

/** The lines of the answer without their markup. */
const lines = (...cells: readonly CellSummary[]): readonly string[] => {
  const section = answerSection({ cells, skipped: [] } as never, {
    successRate: 0.99,
    p95Seconds: 2,
    source: "",
  });
  const [list = ""] = /<ul class="answers.*?<\/ul>/s.exec(section) ?? [];
  return [...list.matchAll(/<li.*?<\/li>/gs)].map(([line]) => line.replaceAll(/<[^>]*>/g, "|"));
};

test("think times with the same answer share a line", () => {
  expect(lines(cell(1, 0, 1), cell(1, 1, 1), cell(1, 5, 1))).toEqual([
    "||At least 1 user| |with think times of 0 s, 1 s and 5 s| |✓ Passes| |more were not tried||",
  ]);
});

test("each think time has its own line if the heavier loads differ", () => {
  const same = [cell(1, 0, 1), cell(1, 1, 1)];
  expect(lines(...same, cell(2, 0, 9), cell(3, 1, 9))).toEqual([
    "||1 user| |with think times of 0 s and 1 s| |✓ Passes||with 0 s: 2 users fail||with 1 s: 3 users fail||",
  ]);
});

test("think times with different answers have a line each", () => {
  expect(lines(cell(1, 0, 9), cell(1, 1, 1)).map((line) => line.split("|")[2])).toEqual([
    "Not even 1 user",
    "At least 1 user",
  ]);
});
