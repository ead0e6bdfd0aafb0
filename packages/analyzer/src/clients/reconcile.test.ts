import { type ClientReport, JOURNAL_SCHEMA, type RequestResult, renderReport } from "@slbench/client/report";
import { expect, it } from "vitest";
import { analyze as analyzeSelection, type LogInput } from "../analyze.ts";
import { parseLog } from "../log/log.ts";
import { allRequestRows } from "../rows/rows.ts";
import { clientReport, escapeText } from "../testing/client-report.ts";

/** Every request counts here, those of the start and the end too. */
const analyze = (inputs: readonly LogInput[]) => analyzeSelection(inputs, { part: "whole" });

const START = 1_700_000_000_000;
const request = (user: number, sequence: number, more: Partial<RequestResult> = {}): RequestResult => ({
  sequence,
  payload: `${sequence}.jpg`,
  startEpochMicros: (START + user * 100 + sequence * 1000) * 1000,
  startMonotonicSeconds: sequence,
  roundTripSeconds: user + sequence / 10,
  sentBytes: 100,
  outcome: "ok",
  mlSeconds: 0.1,
  handlerSeconds: 0.2,
  ...more,
});

const report = (user: number, requests: number, more: Partial<RequestResult> = {}): ClientReport =>
  clientReport(
    Array.from({ length: requests }, (_, index) => request(user, index + 1, more)),
    {
      user: `w1-u${user}`,
      startedEpochMicros: (START + user * 100 + 20) * 1000,
      endedEpochMicros: (START + 60_000) * 1000,
    },
  );

function journal(user: number, requests: number, more: Partial<RequestResult> = {}): string {
  const { schema: _, endedEpochMicros: __, requests: list, ...head } = report(user, requests, more);
  return [{ schema: JOURNAL_SCHEMA, ...head }, ...list].map((line) => `${JSON.stringify(line)}\n`).join("");
}

function xmlOf(
  samples: readonly { user: number; text: string; code?: number }[],
  end = "\n</testResults>\n",
): string {
  const body = samples.map(
    ({ user, text, code }) =>
      `<sample t="60000" ts="${START + user * 100}" s="true" lb="x" rc="${code ?? 0}" rm="OK" tn="10.0.0.1-Users 1-${user}" by="1">\n  <responseData class="java.lang.String">${escapeText(text)}</responseData>\n</sample>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testResults version="1.2">\n${body.join("")}${end}`;
}

const whole = (user: number, requests: number) => ({ user, text: renderReport(report(user, requests)) });
/** Killed while it printed: its JSON line is cut. */
const cut = (user: number, requests: number) => {
  const { text } = whole(user, requests);
  return { user, text: text.slice(0, text.indexOf("{") + 500) };
};
const base = { users: 2, thinkTimeSeconds: 0, repetition: 1, source: "samples.xml" };
const sent = (summary: ReturnType<typeof analyze>["summary"]) => summary.cells[0]?.requests.sent;
/** Warnings about the load: these logs are of a few requests each. */
const ABOUT_LOAD = ["FEW_REQUESTS", "LAW_OFF", "USERS_NOT_TOGETHER"];
const codes = ({ warnings }: ReturnType<typeof analyze>["summary"]) =>
  warnings.map(({ code }) => code).filter((code) => !ABOUT_LOAD.includes(code));

it("uses the text of a report that was cut, and lists what was skipped", () => {
  const { summary } = analyze([{ ...base, text: xmlOf([whole(1, 3), cut(2, 5)]) }]);
  expect(sent(summary)).toBe(8);
  expect(summary.complete).toBe(false);
  expect(summary.skipped).toMatchObject([{ source: "samples.xml", position: "10.0.0.1-Users 1-2" }]);
});

it("takes the journal for a report that was cut", () => {
  const { summary, clients } = analyze([
    { ...base, text: xmlOf([whole(1, 3), cut(2, 5)]), journals: [journal(1, 3), journal(2, 5)] },
  ]);
  expect(sent(summary)).toBe(8);
  expect(clients[0]?.map(({ requests }) => requests?.length)).toEqual([3, 5]);
  expect(summary).toMatchObject({ complete: true, skipped: [] });
  expect(codes(summary)).toEqual(["REPORT_COMPLETED"]);
});

it("takes the journal of a client that crashed without a report; it stays crashed", () => {
  const { summary } = analyze([
    {
      ...base,
      text: xmlOf([whole(1, 3), { user: 2, text: "Traceback\n", code: 137 }]),
      journals: [journal(2, 4), journal(1, 2)],
    },
  ]);
  expect(summary.cells[0]).toMatchObject({ clients: 2, crashedClients: 1, requests: { sent: 7 } });
  expect(codes(summary)).toEqual(["CLIENT_CRASHED", "REPORT_COMPLETED"]);
});

it("warns if report and journal contradict each other, and uses the report", () => {
  const { summary } = analyze([
    { ...base, users: 1, text: xmlOf([whole(1, 3)]), journals: [journal(1, 3, { outcome: "timeout" })] },
  ]);
  expect(summary.cells[0]?.requests).toEqual({ sent: 3, successful: 3, failed: 0 });
  expect(codes(summary)).toEqual(["SOURCES_DIFFER"]);
  expect(summary.warnings[0]?.message).toContain("differ in 3 requests");
});

it("counts a client once that is in recovered.jsonl and has a journal", () => {
  const recovered = `${JSON.stringify(report(2, 4))}\n`;
  const { summary } = analyze([
    { ...base, text: xmlOf([whole(1, 3)]), recovered, journals: [journal(1, 3), journal(2, 5)] },
  ]);
  expect(summary.cells[0]).toMatchObject({ clients: 2, crashedClients: 1, requests: { sent: 8 } });
  expect(codes(summary)).toEqual(["CLIENT_LOST"]);
});

it("reports torn pieces of a journal only if the journal is used", () => {
  const crashed = { user: 2, text: "Traceback\n", code: 137 };
  const torn = (user: number) => journal(user, 5).replace('"sequence":4', '"seque');
  const { summary } = analyze([
    { ...base, text: xmlOf([whole(1, 5), crashed]), journals: [torn(1), torn(2)] },
  ]);
  expect(sent(summary)).toBe(9);
  expect(summary.complete).toBe(false);
  expect(summary.skipped).toMatchObject([
    {
      source: "samples.xml",
      position: "10.0.0.1-Users 1-2",
      reason: expect.stringContaining("its journal: line 5"),
    },
  ]);
});

it("skips a journal that cannot be attributed to a user", () => {
  const headless = journal(2, 5).slice(10);
  const { summary } = analyze([{ ...base, text: xmlOf([whole(1, 3)]), journals: [headless] }]);
  expect(summary.skipped).toMatchObject([
    { position: "journal 1", reason: expect.stringContaining("its 5 requests") },
  ]);
  expect(analyze([{ ...base, text: xmlOf([whole(1, 3)]), journals: [""] }]).summary.skipped).toEqual([]);
});

it("warns of clients that ended before their last request", () => {
  const unfinished = [{ sequence: 5, startEpochMicros: START * 1000, waitedSeconds: 12.5 }];
  const stopped = { ...report(2, 4), plannedRequests: 37, cutShort: "SIGTERM", unfinished };
  const { summary } = analyze([
    { ...base, text: xmlOf([whole(1, 3), { user: 2, text: renderReport(stopped) }]) },
  ]);
  expect(codes(summary)).toEqual(["CLIENTS_ENDED_EARLY"]);
  expect(summary.warnings.map(({ message }) => message).join()).toContain(
    "w1-u2 after 4 of 37 (SIGTERM); still without a response: 1, one after 12.500 s",
  );
});

it("warns if the two logs of a run contradict each other", () => {
  const csv = `timeStamp,elapsed,label,responseCode,threadName,success\n${START + 100},60000,x,1,10.0.0.1-Users 1-1,true\n`;
  const { summary } = analyze([
    { ...base, users: 1, text: xmlOf([whole(1, 3)]), secondLog: parseLog(csv, "samples.csv") },
  ]);
  expect(codes(summary)).toEqual(["SOURCES_DIFFER"]);
  expect(summary.warnings[0]?.message).toContain("responseCode 0 and 1");
});

it("takes two journals of one user that began at different times for two clients", () => {
  const later = journal(1, 5).replace(
    /"startedEpochMicros":\d+/,
    `"startedEpochMicros":${(START + 90_000) * 1000}`,
  );
  const { summary } = analyze([{ ...base, journals: [journal(1, 3), later] }]);
  expect(summary.cells[0]).toMatchObject({ clients: 2, requests: { sent: 8 } });
});

it("counts a client that had no response yet", () => {
  const unfinished = [{ sequence: 1, startEpochMicros: START * 1000, waitedSeconds: 4 }];
  const end = `${JSON.stringify({ end: true, cutShort: "deadline", unfinished })}\n`;
  const { summary } = analyze([
    {
      ...base,
      users: 1,
      journals: [journal(1, 0).replace('"plannedRequests":0', '"plannedRequests":9') + end],
    },
  ]);
  expect(summary.cells[0]).toMatchObject({ clients: 1, requests: { sent: 0 } });
  expect(codes(summary)).toEqual(["CLIENTS_ENDED_EARLY"]);
  expect(summary.warnings[0]?.message).toContain("still without a response: 1, one after 4.000 s");
});

it("takes journals alone: to its end is well, else killed", () => {
  const ended = `${journal(1, 3)}{"end":true}\n`;
  const { summary } = analyze([{ ...base, journals: [ended, journal(2, 2)] }]);
  expect(summary.cells[0]).toMatchObject({ clients: 2, crashedClients: 1, requests: { sent: 5 } });
  expect(codes(summary)).toEqual(["CLIENT_LOST"]);
});

it("takes samples that a torn XML log lost from the CSV log, and their requests from the journal", () => {
  const torn = xmlOf([whole(1, 3), whole(2, 5)]).slice(0, -1500);
  const csv = `timeStamp,elapsed,label,responseCode,responseMessage,threadName,success\n${[1, 2]
    .map((user) => `${START + user * 100},60000,x,0,OK,10.0.0.1-Users 1-${user},true\n`)
    .join("")}`;
  const secondLog = parseLog(csv, "samples.csv");
  const { summary } = analyze([{ ...base, text: torn, secondLog, journals: [journal(2, 5)] }]);
  expect(summary.cells[0]).toMatchObject({ clients: 2, crashedClients: 0, requests: { sent: 8 } });
  expect(codes(summary)).toEqual(["SOURCES_DIFFER", "REPORT_COMPLETED"]);
  expect(summary.skipped.map(({ source }) => source)).toEqual(["samples.xml", "samples.xml"]);
});

it("counts a crashed client and its late journal once, by the thread's user, and names the client that left no sample", () => {
  const crashed = { user: 1, text: "Traceback", code: 1 };
  // Its client began a minute after JMeter's sample: too far apart to be paired by time.
  const late = journal(1, 2).replaceAll(
    /"startedEpochMicros":\d+/g,
    `"startedEpochMicros":${(START + 60_000) * 1000}`,
  );
  const input = { ...base, users: 3, plannedClients: 3, workers: ["10.0.0.1"], text: xmlOf([crashed]) };
  const { summary, clients } = analyze([{ ...input, journals: [late, journal(2, 1)] }]);
  expect(summary.cells[0]?.clients).toBe(2);
  const differ = summary.warnings.find(({ code }) => code === "CLIENTS_DIFFER");
  expect(differ?.message).toBe(
    "samples.xml: 1 client left a sample, 1 more left only a journal; 3 were planned",
  );
  const rows = [...allRequestRows({ summary, clients })];
  expect(rows.map(({ user, worker }) => [user, worker])).toEqual([
    ...[1, 2].map(() => ["w1-u1", "10.0.0.1"]),
    ["w1-u2", "10.0.0.1"],
  ]);
});
