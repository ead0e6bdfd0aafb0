// What slbench reports of a stream against the log of the server that sent it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { journalRows, resultOf, runSlbench, startExample } from "../testing/slbench.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-streaming-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** One line of the stand-in's log. */
interface Sent {
  readonly arrivedEpochSeconds: number;
  readonly words: number;
  readonly firstSeconds: number;
  readonly lastSeconds: number;
  readonly endSeconds: number;
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
};

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const perWord = ({ words, firstSeconds, lastSeconds }: Sent) => (lastSeconds - firstSeconds) / (words - 1);

/** What a busy machine takes from the median; the fastest request is hardly delayed. */
const BUSY_SECONDS = 0.05;
const FASTEST_SECONDS = 0.002;

describe.skipIf(process.platform !== "linux")("streaming times through JMeter", () => {
  test("are those of the server's own log within 1% (docs/comparison-streaming.md has a comparison in full)", async () => {
    const log = join(work, "server.jsonl");
    const times = ["--first-seconds", "0.2", "--word-seconds", "0.05"];
    const server = await startExample("chat-stand-in", "--at-once", "2", "--log", log, ...times);
    writeFileSync(join(work, "prompts.txt"), "Hello\n");
    writeFileSync(
      join(work, "chat.yaml"),
      `name: chat
function: "${server.url}/v1/chat/completions"
request: {lines: prompts.txt}
response: {preset: openai-chat-stream}
load: {users: 2, thinkTimeSeconds: 0.1, requestsPerUser: 6, start: together, repetitions: 1}
`,
    );
    const { code, output } = await runSlbench(["run", "chat.yaml"], work).finally(() => server.stop());
    expect(output).toContain("12 of 12 requests successful");
    expect(output).toMatch(/1st event\s+gap\s+ms\/unit/);
    expect(code).toBe(0);
    const rows = journalRows(resultOf(work, "chat"));
    const lines = readFileSync(log, "utf8").trim().split("\n");
    // The requests before the first cell are in the log, too.
    const sent = lines
      .map((line) => JSON.parse(line) as Sent)
      .toSorted((a, b) => a.arrivedEpochSeconds - b.arrivedEpochSeconds)
      .slice(-rows.length);
    expect(rows).toHaveLength(12);
    expect(rows.every((row) => row.events === 20 && row.units === 20)).toBe(true);
    const pairs = [
      [rows.map((row) => row.firstEventSeconds), sent.map((line) => line.firstSeconds)],
      [rows.map((row) => row.roundTripSeconds), sent.map((line) => line.endSeconds)],
      [rows.map((row) => row.secondsPerUnit), sent.map((line) => perWord(line))],
    ] as readonly (readonly [number[], number[]])[];
    for (const [measured, logged] of pairs) {
      const fastest = Math.min(...logged);
      expect(Math.abs(Math.min(...measured) - fastest)).toBeLessThan(
        Math.max(0.01 * fastest, FASTEST_SECONDS),
      );
      expect(Math.abs(median(measured) - median(logged))).toBeLessThan(BUSY_SECONDS);
    }
    // No event arrives before it was sent.
    for (const [measured, logged] of pairs.slice(0, 2)) expect(sum(measured)).toBeGreaterThan(sum(logged));
  }, 180_000);
});
