import { describe, expect, it, test } from "vitest";
import { analyze } from "../analyze.ts";
import type { RequestRow } from "../core/request-row.ts";
import { parseLog } from "../log/log.ts";
import { groupRequests } from "./groups.ts";
import { allRequestRows, sampleRows } from "./rows.ts";
import type { Selection } from "./selection.ts";

const START = 1_700_000_000_000;

/** Three threads on two workers begin 20 s after each other and end in the same order; A takes 1 s, B 2 s. */
function samples(): string[] {
  const rows: string[] = [];
  for (const [thread, host] of ["h1", "h1", "h2"].entries()) {
    for (let n = 0; n < 40; n++) {
      const [label, elapsed] = n % 2 === 0 ? ["A", 1000] : ["B", 2000];
      const [code, ok] = n === 7 ? ["503,Service Unavailable", false] : ["200,OK", true];
      rows.push(
        `${START + thread * 20_000 + n * 3000},${elapsed},${label},${code},T 1-${thread + 1},${ok},10,${host}`,
      );
    }
  }
  return rows;
}
const HEADER = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,bytes,Hostname";
const csv = (rows = samples()) => `${[HEADER, ...rows].join("\n")}\n`;

function read(text: string, selection: Selection = {}, keepSamples = true) {
  const log = parseLog(text, "logs/web.csv", { keepSamples });
  const input = {
    users: log.threads,
    thinkTimeSeconds: 0,
    repetition: 1,
    source: "logs/web.csv",
    isConditionInferred: true,
  };
  return analyze([{ ...input, log }], selection);
}
const codesOf = ({ summary }: ReturnType<typeof analyze>) => summary.warnings.map(({ code }) => code);

it("without a selection the labels are the same whether samples are kept or not", () => {
  expect(read(csv()).summary).toEqual(read(csv(), {}, false).summary);
});

it("says of a WebSocket's rows that they were successful, of crashed processes that they were not", () => {
  const rows = (codes: readonly string[]) =>
    codes.map((code, n) => `${START + n},5,a,${code},x,T 1-1,true,1,h1`);
  const outcomes = (codes: readonly string[]) =>
    [...allRequestRows(read(csv(rows(codes))))].map(({ outcome }) => outcome);
  expect(outcomes(["101", "101"])).toEqual(["ok", "ok"]);
  expect(outcomes(["0", "1", "0"])).toEqual(["ok", "invalid-response", "ok"]);
});

it("names logs by their path if two have the same name", () => {
  const input = (source: string) => {
    const log = parseLog(csv(), source, { keepSamples: true });
    return { users: 3, thinkTimeSeconds: 0, repetition: 1, source, isConditionInferred: true, log };
  };
  const rows = [...allRequestRows(analyze([input("a/web.csv"), input("b/web.csv")]))];
  expect([...new Set(rows.map(({ cell }) => cell))]).toEqual(["a/web.csv", "b/web.csv"]);
});

it("makes no cell of a labelled log that is neither of clients nor of processes", () => {
  const log = parseLog(csv(), "web.csv");
  const { summary } = analyze([{ users: 3, thinkTimeSeconds: 1, repetition: 1, source: "web.csv", log }]);
  expect(summary.cells).toEqual([]);
  expect(summary.labels).toHaveLength(2);
  expect(summary.warnings.map(({ code }) => code)).toEqual(["NO_REPORTS"]);
});

it("gives a tidy row for each sample", () => {
  const rows = [...allRequestRows(read(csv()))];
  expect(rows).toHaveLength(120);
  expect(rows[47]).toEqual({
    cell: "web.csv",
    users: 3,
    repetition: 1,
    worker: "h1",
    user: "T 1-2",
    sequence: 8,
    label: "B",
    startEpochMicros: (START + 41_000) * 1000,
    roundTripSeconds: 2,
    outcome: "http-error",
    status: 503,
    receivedBytes: 10,
    message: "Service Unavailable",
  });
});

test.each([
  ["200", "true", "OK", "ok"],
  ["404", "false", "Not Found", "http-error"],
  ["200", "false", "Test failed", "wrong-answer"],
  ["1", "true", "", "invalid-response"],
  ["Non HTTP response code: java.net.SocketTimeoutException", "false", "Read timed out", "timeout"],
  ["Non HTTP response code: java.net.ConnectException", "false", "Connection refused", "connect-error"],
  [
    "Non HTTP response code: org.apache.http.NoHttpResponseException",
    "false",
    "no answer",
    "connection-closed",
  ],
])("a sample with code %s, success %s and %j ended as %s", (code, success, message, outcome) => {
  const text = csv([`${START},5,A,${code},${message},T 1-1,${success},10,h1`]);
  expect([...sampleRows(read(text))].map((row) => row.outcome)).toEqual([outcome]);
});

describe("filter", () => {
  test.each([
    ["label=A", ["A"], 60],
    ["worker=h2", ["A", "B"], 80],
    ['user="T 1-1" and roundTripSeconds>1.5', ["B"], 100],
    ["outcome!=ok", ["B"], 117],
    ["status=503 or label=A", ["A", "B"], 57],
  ])("%s keeps what it says", (filter, labels, leftOut) => {
    const analysis = read(csv(), { filter });
    const { summary } = analysis;
    expect(summary.labels.map(({ label }) => label)).toEqual(labels);
    expect(summary.labels.reduce((sum, { samples: count }) => sum + count, 0)).toBe(120 - leftOut);
    expect(summary.selection).toEqual({ filter, requestsLeftOut: leftOut });
    expect([...sampleRows(analysis)]).toHaveLength(120 - leftOut);
  });

  it("warns of fields that no such log has, by name", () => {
    const analysis = read(csv(), { filter: "handlerSeconds>1 or think=2 or label=A" });
    expect(codesOf(analysis)).toEqual(["OPTION_NOT_APPLIED"]);
    expect(analysis.summary.warnings[0]?.message).toContain("handlerSeconds, thinkTimeSeconds");
  });
});

describe("the steady part", () => {
  it("keeps what arrives after every thread's first response, up to the first thread's last one", () => {
    const analysis = read(csv(), { part: "steady" });
    const rows = [...sampleRows(read(csv()))];
    const endOf = ({ startEpochMicros = 0, roundTripSeconds }: RequestRow) =>
      startEpochMicros + roundTripSeconds * 1e6;
    // The last thread starts after 40 s; the steady part begins with its first response.
    const firstEnds = rows.filter(({ sequence }) => sequence === 1).map(endOf);
    const from = Math.max(...firstEnds);
    const to = (START + 39 * 3000 + 2000) * 1000;
    const expected = rows.filter((row) => endOf(row) > from && endOf(row) <= to);
    expect(expected.length).toBeGreaterThan(50);
    expect([...sampleRows(analysis)]).toEqual(expected);
    expect(analysis.summary.selection).toEqual({ part: "steady", requestsLeftOut: 120 - expected.length });
    expect(codesOf(analysis)).toEqual([]);
  });

  test.each([
    [
      "threads that never ran together",
      ["NO_STEADY_PART"],
      csv(samples().filter((row, n) => !row.includes("T 1-2") && n % 40 < 3)),
    ],
    [
      "a log without times",
      ["TIMES_NOT_READ", "NO_STEADY_PART"],
      csv()
        .split("\n")
        .map((line) => line.slice(line.indexOf(",") + 1))
        .join("\n"),
    ],
  ])("cuts nothing of %s, and says so", (_, codes, text) => {
    const analysis = read(text, { part: "steady" });
    expect(codesOf(analysis)).toEqual(codes);
    expect(analysis.summary.selection?.requestsLeftOut).toBe(0);
  });
});

describe("groups", () => {
  test.each([
    ["label", ["A", "B"]],
    ["worker", ["h1", "h2"]],
    ["user", ["T 1-1", "T 1-2", "T 1-3"]],
    ["minute", ["0", "1", "2"]],
    ["payload", ["unknown"]],
  ] as const)("by %s", (by, keys) => {
    const groups = groupRequests(sampleRows(read(csv())), by, [50, 99.9]);
    expect(groups.map(({ key }) => key)).toEqual(keys);
    expect(groups.reduce((sum, { sent }) => sum + sent, 0)).toBe(120);
    expect(Object.keys(groups[0]?.percentilesSeconds ?? {})).toEqual(["p50", "p99.9"]);
  });

  it("have the labels' figures", () => {
    const analysis = read(csv());
    const groups = groupRequests(sampleRows(analysis), "label");
    for (const [index, { elapsedSeconds, samples: count, errors }] of analysis.summary.labels.entries()) {
      const { median, p99 } = elapsedSeconds;
      expect(groups[index]).toMatchObject({
        sent: count,
        successful: count - errors,
        percentilesSeconds: { p50: median, p99 },
      });
    }
  });
});

it("a log with clients' reports keeps no samples beside its clients", () => {
  const report = '{"schema":"slbench.client-report/2","requests":[]}'.replaceAll('"', "&quot;");
  const sample = `<sample t="1" ts="${START}" s="true" lb="x" rc="0" tn="U 1-1"><responseData>${report}</responseData></sample>`;
  const log = parseLog(`<testResults version="1.2">${sample}</testResults>`, "x", { keepSamples: true });
  expect(log.hasReports).toBe(true);
  expect(log).not.toHaveProperty("table");
});
