import { execFileSync } from "node:child_process";
import { appendFileSync, closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createSchedule, seedOf } from "../timing/schedule.ts";
import { openJournal } from "./journal.ts";
import { parseJournal, reportOf } from "./parse-journal.ts";
import type { ReportHead, RequestResult } from "./report.ts";

const folder = mkdtempSync(join(tmpdir(), "slbench-journal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const head: ReportHead = {
  client: { version: "0.1.0", build: "sources", runtime: "node" },
  ...{
    user: "w1-u1",
    url: "http://f/",
    thinkTimeSeconds: 1,
    timeoutSeconds: 25,
    form: "slblur-json",
  },
  ...{ startedEpochMicros: 1, plannedRequests: 3 },
};
const request = (sequence: number): RequestResult => ({
  ...{ sequence, payload: `${sequence}.jpg`, startEpochMicros: sequence, startMonotonicSeconds: sequence },
  ...{ roundTripSeconds: 0.25, sentBytes: 10, outcome: "ok" },
});

describe("openJournal() and parseJournal()", () => {
  it("give back head, requests by sequence, and the end", () => {
    const file = join(folder, "whole.jsonl");
    const journal = openJournal(file, head);
    for (const sequence of [2, 1, 3]) journal.request(request(sequence));
    const unfinished = [{ sequence: 4, startEpochMicros: 4, waitedSeconds: 0.5 }];
    journal.end({ cutShort: "SIGTERM", unfinished });
    expect(parseJournal(readFileSync(file, "utf8"))).toEqual({
      head: { schema: "slbench.journal/2", ...head },
      requests: [request(1), request(2), request(3)],
      ended: true,
      cutShort: "SIGTERM",
      unfinished,
      problems: [],
    });
  });

  it("keep every whole line of a journal cut anywhere, and report what was torn", () => {
    const file = join(folder, "cut.jsonl");
    const journal = openJournal(file, head);
    for (const sequence of [1, 2, 3]) journal.request(request(sequence));
    journal.end({});
    const text = readFileSync(file, "utf8");
    for (let end = 0; end < text.length; end++) {
      const cut = text.slice(0, end);
      const wholeLines = cut.split("\n").length - 1;
      const torn = !cut.endsWith("\n") && cut !== "";
      const parsed = parseJournal(cut);
      // a line may lack only its line feed
      const expected = Math.min(3, Math.max(0, wholeLines - 1));
      expect([expected, expected + 1]).toContain(parsed.requests.length);
      expect(parsed.requests).toEqual([request(1), request(2), request(3)].slice(0, parsed.requests.length));
      if (!torn) expect(parsed).toMatchObject({ ended: false, problems: [] });
    }
  });

  it("report lines that are no request, and read the rest", () => {
    const lines = [{ sequence: 1 }, request(2), null, "x"].map((line) => JSON.stringify(line));
    const parsed = parseJournal(lines.join("\n"));
    expect(parsed.requests).toEqual([request(2)]);
    expect(parsed.problems).toHaveLength(3);
    expect(parsed.head).toBeUndefined();
  });

  it("append to an existing journal, and the last client counts", () => {
    const file = join(folder, "again.jsonl");
    openJournal(file, head).request(request(1));
    const before = readFileSync(file, "utf8");
    appendFileSync(file, '{"sequence":2,"fra'); // killed while it wrote
    const second = openJournal(file, { ...head, user: "w1-u2" });
    second.request(request(3));
    second.end({});
    expect(readFileSync(file, "utf8").startsWith(before)).toBe(true);
    expect(parseJournal(readFileSync(file, "utf8"))).toMatchObject({
      head: { user: "w1-u2" },
      requests: [request(3)],
      ended: true,
      problems: ["line 3 is torn after 18 characters", expect.stringMatching(/another client: 1 request/)],
    });
  });

  it("do not attribute requests if two clients wrote at the same time", () => {
    const file = join(folder, "both.jsonl");
    const [one, two] = [openJournal(file, head), openJournal(file, { ...head, user: "w1-u2" })];
    for (const sequence of [1, 2, 3]) for (const journal of [one, two]) journal.request(request(sequence));
    for (const journal of [one, two]) journal.end({});
    const parsed = parseJournal(readFileSync(file, "utf8"));
    expect(parsed.head).toBeUndefined();
    expect(parsed.problems.at(-1)).toContain("several clients wrote into it at once");
  });

  it("skip invalid unfinished requests", () => {
    const lines = [
      { schema: "slbench.journal/2", ...head },
      { end: true, unfinished: [null, { sequence: 1 }] },
    ];
    expect(parseJournal(lines.map((line) => JSON.stringify(line)).join("\n")).unfinished).toBeUndefined();
  });

  it("estimate from the schedule which requests a killed open loop had in flight", () => {
    const open = { ...head, ratePerSecond: 20, plannedRequests: 1000 };
    // due every 50 ms from 1 s on; the third began 10 ms late and took 100 ms
    const rows = [
      { ...request(1), startEpochMicros: 1_000_000, lateSeconds: 0, roundTripSeconds: 0.01 },
      { ...request(3), startEpochMicros: 1_110_000, lateSeconds: 0.01, roundTripSeconds: 0.1 },
    ];
    const lines = [{ schema: "slbench.journal/2", ...open }, ...rows].map((line) => JSON.stringify(line));
    expect(parseJournal(lines.join("\n")).unfinished).toEqual([
      { sequence: 2, startEpochMicros: 1_050_000, waitedSeconds: 0.16 },
      { sequence: 4, startEpochMicros: 1_150_000, waitedSeconds: 0.06 },
      { sequence: 5, startEpochMicros: 1_200_000, waitedSeconds: 0.01 },
    ]);
    // the same requests in a closed loop, or with the last line
    expect(parseJournal(lines.join("\n").replace(',"ratePerSecond":20', "")).unfinished).toBeUndefined();
    expect(parseJournal(`${lines.join("\n")}\n{"end":true}`).unfinished).toBeUndefined();
  });

  it("estimate the same for Poisson arrivals, from the seed and the user", () => {
    const open = { ...head, ratePerSecond: 20, process: "poisson" as const, seed: 3, plannedRequests: 1000 };
    const schedule = createSchedule(20, "poisson", seedOf(3, head.user));
    const due = (sequence: number) => Math.round(1e9 + schedule(sequence) * 1e6);
    const last = { ...request(3), startEpochMicros: due(3), lateSeconds: 0, roundTripSeconds: 0.5 };
    const first = { ...request(1), startEpochMicros: due(1), lateSeconds: 0, roundTripSeconds: 0.01 };
    const lines = [{ schema: "slbench.journal/2", ...open }, first, last].map((line) => JSON.stringify(line));
    const unfinished = parseJournal(lines.join("\n")).unfinished ?? [];
    const sequences = unfinished.map(({ sequence }) => sequence);
    expect(sequences[0]).toBe(2);
    expect(sequences.slice(1)).toEqual(sequences.slice(1).map((_, index) => index + 4));
    for (const { sequence, startEpochMicros } of unfinished)
      expect(Math.abs(startEpochMicros - due(sequence))).toBeLessThanOrEqual(1);
    expect(due((sequences.at(-1) ?? 0) + 1)).toBeGreaterThan(due(3) + 5e5 - 1);
  });

  it("count as planned what a user with a duration started", () => {
    const timed = { schema: "slbench.journal/2", ...head, durationSeconds: 5, plannedRequests: 0 };
    const journal = parseJournal(
      [timed, request(1), request(2)].map((line) => JSON.stringify(line)).join("\n"),
    );
    expect(reportOf({ ...journal, head })).toMatchObject({ plannedRequests: 3 });
    expect(reportOf({ ...journal, head: timed })).toMatchObject({ plannedRequests: 2, cutShort: "lost" });
  });

  it.skipIf(process.platform === "win32")("throw CLIENT_FILE for a pipe, read or not, at once", () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    expect(() => openJournal(pipe, head)).toThrow(expect.objectContaining({ code: "CLIENT_FILE" }));
    const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    expect(() => openJournal(pipe, head)).toThrow("a journal must be a file");
    closeSync(reader);
  });

  it("create the journal's folder", () => {
    const file = join(folder, "run", "cell", "w1-u1.jsonl");
    openJournal(file, head).end({});
    expect(parseJournal(readFileSync(file, "utf8"))).toMatchObject({ ended: true });
  });

  it("throw CLIENT_FILE if the path cannot be a file", () => {
    expect(() => openJournal(join(folder, "whole.jsonl", "a.jsonl"), head)).toThrow(
      expect.objectContaining({ code: "CLIENT_FILE", exitCode: 1 }),
    );
  });
});
