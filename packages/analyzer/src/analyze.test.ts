import type { RequestResult } from "@slbench/client/report";
import { describe, expect, it } from "vitest";
import { analyze, type Summary } from "./analyze.ts";
import { parseLog } from "./log/log.ts";
import { clientReport } from "./testing/client-report.ts";

const request = (sequence: number, more: object) => ({
  sequence,
  payload: `${sequence}.jpg`,
  startEpochMicros: 1_700_000_000_000_000 + sequence * 1_000_000,
  startMonotonicSeconds: sequence,
  roundTripSeconds: 0.5,
  sentBytes: 100,
  outcome: "ok",
  mlSeconds: 0.1,
  handlerSeconds: 0.2,
  backend: "native",
  ...more,
});

const sample = (thread: string, requests: readonly object[], attributes = 's="true" rc="0"') => {
  const report = JSON.stringify(clientReport(requests as readonly RequestResult[]));
  const data = report.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<sample t="10" ts="1700000000000" ${attributes} lb="x" rm="OK" tn="${thread}" by="1"><responseData class="java.lang.String">${data}</responseData></sample>`;
};

/** These logs are of few requests, a second apart whatever the think time: see summary/check-cell.test.ts for that. */
const withoutWarnings = ({ warnings }: Summary) =>
  warnings.filter(({ code }) => !["FEW_REQUESTS", "LAW_OFF", "USERS_NOT_TOGETHER"].includes(code));

const input = (samples: readonly string[], more = {}) => ({
  users: samples.length,
  thinkTimeSeconds: 0,
  repetition: 1,
  source: "samples.xml",
  text: `<?xml version="1.0"?><testResults version="1.2">${samples.join("\n")}</testResults>`,
  ...more,
});

describe("analyze()", () => {
  it("quotes the last line of crashed clients if no client left a report", () => {
    const crashed = (thread: string) =>
      `<sample t="10" ts="1700000000000" s="true" rc="1" lb="x" rm="OK" tn="${thread}" by="1"><responseData class="java.lang.String">Traceback\nTypeError: \u001b[31mboom</responseData></sample>`;
    const { warnings } = analyze([input([crashed("Users 1-1"), crashed("Users 1-2")])]).summary;
    const [first] = warnings.filter(({ code }) => code === "CLIENT_CRASHED");
    expect(first?.message).toContain("Users 1-1 ended with return code 1: TypeError: [31mboom");
    expect(first?.hint).not.toContain("not in this log");
    expect(warnings.find(({ code }) => code === "NO_REPORTS")?.hint).toContain("what the clients printed");
  });

  it("keeps a cell in which all crashed, whatever they ended with", () => {
    for (const code of ["1", "101", "255", ""]) {
      const crashed = sample("Users 1-1", [], `s="true" rc="${code}"`).replace(
        /<responseData.*<\/responseData>/,
        "",
      );
      const { cells } = analyze([{ ...input([crashed]), plannedClients: 1 }]).summary;
      expect(cells).toMatchObject([{ clients: 1, crashedClients: 1 }]);
    }
  });

  it("keeps crashed clients under a filter that does not ask for requests", () => {
    const log = () =>
      input([sample("Users 1-1", [request(1, {})]), sample("Users 1-2", [], 's="true" rc="1"')]);
    const cellOf = (filter: string) => analyze([log()], { filter }).summary.cells[0];
    expect(cellOf("users=2")).toMatchObject({ clients: 2, crashedClients: 1 });
    expect(cellOf("outcome=ok")).toMatchObject({ clients: 1, crashedClients: 0 });
  });

  it("measures throughput over repetitions that sent something", () => {
    const one = input([sample("Users 1-1", [request(1, {}), request(2, {})])]);
    const { throughputPerSecond } = analyze([one]).summary.cells[0] ?? {};
    expect(throughputPerSecond).toBeCloseTo(2 / 1.5, 9);
    const dead = { ...input([sample("Users 1-1", [], 's="true" rc="1"')]), repetition: 2 };
    expect(analyze([one, dead]).summary.cells[0]?.throughputPerSecond).toBe(throughputPerSecond);
  });

  it("gives the same figures of logs of which only what figures need was kept", () => {
    const parts = { waitSeconds: 0.3, sendSeconds: 0.001, receiveSeconds: 0.002, callId: "a", faces: 2 };
    const stepped = { ...parts, startMonotonicSeconds: 9, replica: "r", coldStart: true };
    const { text, ...rest } = input([
      sample("Users 1-1", [request(1, parts), request(2, { outcome: "timeout", roundTripSeconds: 25 })]),
      sample("Users 1-2", [
        request(1, parts),
        request(2, stepped),
        request(3, { ...parts, lateSeconds: 0.1 }),
      ]),
      sample("Users 1-3", [request(1, { ...parts, mlSeconds: "0.1" })]),
    ]);
    const [whole, small] = [false, true].map(
      (figuresOnly) => analyze([{ ...rest, log: parseLog(text, "x", { figuresOnly }) }]).summary,
    );
    expect(small).toEqual(whole);
    expect(small?.cells[0]).toMatchObject({ parts: { count: 4 }, requests: { sent: 6, successful: 5 } });
    expect(small?.warnings.map(({ code }) => code)).toContain("CLOCK_STEP");
  });

  it("gives success per client and over requests, and both means of the round trip", () => {
    const failed = {
      outcome: "timeout",
      roundTripSeconds: 25,
      mlSeconds: undefined,
      handlerSeconds: undefined,
    };
    const { summary } = analyze([
      input([
        sample("Users 1-1", [request(1, {}), request(2, failed)]),
        sample("Users 1-2", [request(1, {}), request(2, {}), request(3, {}), request(4, {})]),
      ]),
    ]);
    const [cell] = summary.cells;
    expect(cell?.requests).toEqual({ sent: 6, successful: 5, failed: 1 });
    expect(cell?.successRate).toMatchObject({ meanOverClients: 0.75, overRequests: 5 / 6 });
    expect(cell?.roundTripSeconds.mean).toBeCloseTo((5 * 0.5 + 25) / 6, 12);
    expect(cell?.successfulRoundTripSeconds?.mean).toBe(0.5);
    expect(cell?.mlSeconds.count).toBe(5);
    // first request at +1 s, last response: the one that timed out 25 s after +2 s
    expect(cell?.throughputPerSecond).toBeCloseTo(5 / 26, 9);
    expect(summary.backends).toEqual(["native"]);
    expect(withoutWarnings(summary)).toEqual([]);
  });

  it("counts a client with a return code other than 0 as crashed, whatever success says", () => {
    const { summary } = analyze([
      input([
        sample("Users 1-1", [request(1, {})]),
        '<sample t="1" ts="1" s="true" lb="x" rc="1" rm="OK" tn="Users 1-2" by="1"><responseData class="java.lang.String">Traceback&#xd;\nValueError: no</responseData></sample>',
      ]),
    ]);
    expect(summary.cells[0]?.crashedClients).toBe(1);
    expect(withoutWarnings(summary)).toEqual([expect.objectContaining({ code: "CLIENT_CRASHED" })]);
    expect(withoutWarnings(summary)[0]?.message).toContain("ValueError: no");
    expect(withoutWarnings(summary)[0]?.message).toContain("JMeter recorded it as a success");
  });

  it("takes a log without any report for what it is, with one warning, and a return code for a crash", () => {
    const bare = (rc: string) =>
      `<sample t="1" ts="1" s="true" lb="x" rc="${rc}" rm="OK" tn="Users 1-1" by="1"><responseData class="java.lang.String">hello</responseData></sample>`;
    const { summary } = analyze([input([bare("0"), bare("0"), bare("3")])]);
    expect(summary.cells[0]).toMatchObject({ clients: 3, crashedClients: 1, requests: { sent: 0 } });
    expect(withoutWarnings(summary).map((warning) => warning.code)).toEqual(["NO_REPORTS", "CLIENT_CRASHED"]);
  });

  it("uses the reports of clients whose worker was lost, and names them", () => {
    const xml = sample("Users 1-1", [request(1, {}), request(2, {})]);
    const report = JSON.parse((/>(\{.*\})</.exec(xml)?.[1] ?? "").replaceAll("&quot;", '"'));
    const recovered = `${JSON.stringify({ ...report, user: "w2-u1" })}\n`;
    const { summary } = analyze([input([xml], { users: 2, plannedClients: 2, recovered })]);
    expect(summary.cells[0]).toMatchObject({
      clients: 2,
      crashedClients: 1,
      requests: { sent: 4, successful: 4 },
    });
    expect(withoutWarnings(summary)).toEqual([
      expect.objectContaining({ code: "CLIENT_LOST", message: expect.stringContaining("w2-u1") }),
    ]);
    const alone = analyze([input([], { text: "", users: 1, recovered })]);
    expect(alone.summary.cells[0]?.requests.sent).toBe(2);
  });

  it("warns of missing clients, of several backends and of the slow one", () => {
    const { summary } = analyze([
      input([sample("Users 1-1", [request(1, {}), request(2, { backend: "wasm" })])], { plannedClients: 3 }),
    ]);
    expect(withoutWarnings(summary).map((warning) => warning.code)).toEqual([
      "CLIENTS_DIFFER",
      "BACKENDS_DIFFER",
      "BACKEND_WASM",
    ]);
  });

  it("puts repetitions of a condition into one cell, conditions in the order of think time and users", () => {
    const one = input([sample("Users 1-1", [request(1, {})])]);
    const { summary } = analyze([
      { ...one, users: 2, thinkTimeSeconds: 1 },
      { ...one, users: 2, thinkTimeSeconds: 0 },
      { ...one, users: 1, thinkTimeSeconds: 1 },
      { ...one, users: 1, thinkTimeSeconds: 1, repetition: 2 },
    ]);
    expect(summary.cells.map((cell) => [cell.thinkTimeSeconds, cell.users, cell.clients])).toEqual([
      [0, 2, 1],
      [1, 1, 2],
      [1, 2, 1],
    ]);
  });

  it("counts a torn last sample as skipped", () => {
    const whole = input([sample("Users 1-1", [request(1, {})])]);
    const { summary } = analyze([
      { ...whole, text: `${whole.text.replace("</testResults>", "")}<sample t="1" ts="2"` },
    ]);
    expect(summary.cells[0]?.clients).toBe(1);
    expect(summary.skipped.map((loss) => loss.reason)).toEqual([
      "the sample does not end",
      expect.stringContaining("the log is not closed"),
    ]);
  });
});
