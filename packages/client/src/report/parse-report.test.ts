import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { parseReport } from "./parse-report.ts";
import { renderReport } from "./render-report.ts";
import { type ClientReport, REPORT_SCHEMA, type RequestResult } from "./report.ts";

const request = (sequence: number, part: Partial<RequestResult> = {}): RequestResult => ({
  sequence,
  payload: `${sequence}.jpg`,
  startEpochMicros: 1_700_000_000_000_000 + sequence,
  startMonotonicSeconds: sequence,
  roundTripSeconds: 0.25,
  sentBytes: 10,
  outcome: "ok",
  mlSeconds: 0.05,
  handlerSeconds: 0.1,
  ...part,
});

const report = (requests: readonly RequestResult[]): ClientReport => ({
  schema: REPORT_SCHEMA,
  client: { version: "0.1.0", build: "dev", runtime: "node" },
  url: "http://127.0.0.1:8080/function/slblur",
  thinkTimeSeconds: 1,
  timeoutSeconds: 25,
  form: "slblur-json",
  startedEpochMicros: 1,
  endedEpochMicros: 2,
  plannedRequests: requests.length,
  requests,
});

describe("renderReport()", () => {
  it("prints the older blocks before the JSON line", () => {
    const text = renderReport(
      report([request(1), request(2, { outcome: "timeout", roundTripSeconds: 25.01 })]),
    );
    expect(text.split("\n").slice(0, 6)).toEqual([
      "Elapsed ML time in the handler: ",
      "['0.05']",
      "Elapsed total time in the handler: ",
      "['0.1']",
      "Elapsed round trip time in the client: ",
      "[0.25, 25.01]",
    ]);
  });
});

describe("parseReport()", () => {
  it("returns what renderReport() wrote, whatever text surrounds it", () => {
    const times = fc.double({ min: 0, max: 60, noNaN: true });
    fc.assert(
      fc.property(fc.array(times), fc.string(), fc.string(), (roundTrips, before, after) => {
        const original = report(
          roundTrips.map((roundTripSeconds, index) => request(index + 1, { roundTripSeconds })),
        );
        const parsed = parseReport(`${before}\n${renderReport(original)}${after.replaceAll("{", "")}`);
        // JSON has no -0
        expect(parsed).toEqual({ kind: "json", report: JSON.parse(JSON.stringify(original)), problems: [] });
      }),
    );
  });

  it("reads the older text form alone", () => {
    const text = renderReport(
      report([request(1), request(2, { outcome: "timeout", roundTripSeconds: 25.01 })]),
    );
    const older = `[CLIENT] Read 2 frames\n${text.slice(0, text.indexOf("{"))}`;
    expect(parseReport(older)).toEqual({
      kind: "text",
      blocks: { mlSeconds: [0.05], handlerSeconds: [0.1], roundTripSeconds: [0.25, 25.01] },
      problems: [],
    });
  });

  it("keeps the whole values of a text truncated anywhere", () => {
    const requests = [request(1, { roundTripSeconds: 0.5 }), request(2, { roundTripSeconds: 1.25 })];
    const whole = renderReport(report(requests));
    const allowed = new Set([0.05, 0.1, 0.5, 1.25]);
    // From the last list's end up to a recognisable JSON line a cut text is a whole older report.
    const olderIsWhole = whole.lastIndexOf("]\n{") + 1;
    const jsonShows =
      whole.indexOf('{"schema":"slbench.client-report/') + '{"schema":"slbench.client-report/'.length;
    for (let cut = 0; cut < whole.length - 1; cut++) {
      const parsed = parseReport(whole.slice(0, cut));
      if (parsed.kind === "json") expect(cut).toBe(whole.length - 1);
      const silent = cut >= olderIsWhole && cut < jsonShows;
      expect(parsed.problems.length > 0).toBe(!silent);
      if (parsed.kind !== "text") continue;
      const { mlSeconds, handlerSeconds, roundTripSeconds } = parsed.blocks;
      for (const value of [...mlSeconds, ...handlerSeconds, ...roundTripSeconds])
        expect(allowed).toContain(value);
    }
  });

  test.each([
    ["nothing", "", "none"],
    ["a traceback", "Traceback (most recent call last):\nValueError: no\n", "none"],
    ["another schema", '{"schema":"slbench.client-report/9","requests":[]}', "none"],
    ["a request without outcome", '{"schema":"slbench.client-report/2","requests":[{"sequence":1}]}', "none"],
  ])("reports what is missing in %s", (_name, text, kind) => {
    const parsed = parseReport(text);
    expect(parsed.kind).toBe(kind);
    expect(parsed.problems.length).toBeGreaterThan(0);
  });
});
