import { tableFromIPC } from "apache-arrow";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { analyze } from "../analyze.ts";
import type { RequestRow } from "../core/request-row.ts";
import { parseLog } from "../log/log.ts";
import { renderGroups } from "../report/groups.ts";
import { testClient } from "../testing/clients.ts";
import { renderRequestsArrow } from "./arrow.ts";
import { COLUMN_NAMES, isFixed, REQUEST_COLUMNS } from "./columns.ts";
import { renderRequestsCsv } from "./csv.ts";
import { parseFilter } from "./filter.ts";
import { GROUPINGS, groupRequests } from "./groups.ts";
import { allRequestRows, measuredRows } from "./rows.ts";

/** As docs/data-formats.md has it: an apostrophe in front of what a spreadsheet would run. */
const asStored = (text: string) => (/^'*[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text);

const empty = parseLog('<testResults version="1.2"></testResults>', "x");
const measure = () => {
  const clients = [
    testClient({ user: "w1-u1", roundTrips: [0.4, 0.6, 0.5, -30, 0.5] }),
    testClient({ user: "w1-u2", startSeconds: 2, roundTrips: [0.5, 0.5, 60] }),
    testClient({ user: "w1-u10", startSeconds: 1, roundTrips: [0.7] }),
  ];
  return [
    {
      users: 3,
      thinkTimeSeconds: 1,
      repetition: 1,
      source: "x",
      log: { ...empty, hasReports: true, clients },
    },
  ];
};
const rows = [...allRequestRows(analyze(measure()))];

const anyText = fc
  .string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", "é", " ", "0") })
  .filter((text) => text !== "");
const anyValue = {
  text: anyText,
  integer: fc.nat(1e9),
  long: fc.nat(2 ** 45),
  number: fc.double({ noNaN: true, min: 0, max: 1e6 }),
  boolean: fc.boolean(),
};
/** Columns that some of the rows fill, or that every table has. */
const columnsIn = (written: readonly RequestRow[]) =>
  COLUMN_NAMES.filter((name) => isFixed(name) || written.some((row) => row[name] !== undefined));
const anyRow = fc.record(
  Object.fromEntries(COLUMN_NAMES.map((name) => [name, anyValue[REQUEST_COLUMNS[name]]])),
  { requiredKeys: ["cell", "users", "repetition", "user", "sequence", "roundTripSeconds", "outcome"] },
) as unknown as fc.Arbitrary<RequestRow>;

describe("requests.csv and requests.arrow", () => {
  test("what is written is read again: CSV", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 5 }), (written) => {
        const read = parse([...renderRequestsCsv(written)].join(""), {
          columns: true,
          record_delimiter: "\n",
        }) as Record<string, string>[];
        expect(read).toEqual(
          written.map((row) =>
            Object.fromEntries(
              columnsIn(written).map((name) => {
                const text = row[name] === undefined ? "" : String(row[name]);
                return [name, typeof row[name] === "string" ? asStored(text) : text];
              }),
            ),
          ),
        );
      }),
    );
  });

  it("comes in pieces that leave no row out", () => {
    const many = Array.from({ length: 20_001 }, (_, index) => ({
      ...(rows[0] as RequestRow),
      sequence: index,
    }));
    const pieces = [...renderRequestsCsv(many)];
    expect(pieces.length).toBeGreaterThan(2);
    const lines = pieces.join("").split("\n");
    expect(lines).toHaveLength(20_003);
    expect(lines[20_001]?.split(",")[6]).toBe("20000");
  });

  test.each([
    ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
    ["+1", "'+1"],
    ["-1", "'-1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    ["\r=1", '"\'\r=1"'],
    ["\n=1", '"\'\n=1"'],
    ["＝1", "'＝1"],
    ['=cmd|"/C calc"!A0', '"\'=cmd|""/C calc""!A0"'],
    // Text that already looks escaped still reads back as it was.
    ["'=1", "''=1"],
    ["'plain", "'plain"],
    ["a=1", "a=1"],
    ["", ""],
  ])("writes the text %j as %j, which no spreadsheet runs as a formula", (message, field) => {
    const row = { cell: "x", users: 1, repetition: 1, user: "u", sequence: 1, outcome: "ok" as const };
    const text = [...renderRequestsCsv([{ ...row, roundTripSeconds: -0.5, message }])].join("");
    expect(text.slice(text.indexOf("\n") + 1)).toBe(`x,1,,1,,u,1,,,-0.5,ok,,${field}\n`);
  });

  test("what is written is read again: Arrow", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 5 }), (written) => {
        const read = tableFromIPC(renderRequestsArrow(written));
        expect(read.schema.fields.map(({ name }) => name)).toEqual(columnsIn(written));
        for (const name of columnsIn(written)) {
          const values = Array.from({ length: written.length }, (_, index) =>
            read.getChild(name)?.get(index),
          );
          expect(values.map((value) => (typeof value === "bigint" ? Number(value) : value))).toEqual(
            written.map((row) => row[name] ?? null),
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  it("has one row per sent request, failed ones too, with what the client said of it", () => {
    expect(rows).toHaveLength(9);
    expect(rows[3]).toMatchObject({
      cell: "u03-t1",
      worker: "127.0.0.1",
      user: "w1-u1",
      sequence: 4,
      outcome: "timeout",
      roundTripSeconds: 30,
    });
    expect(rows[3]).not.toHaveProperty("handlerSeconds");
  });

  it("has the same bytes for the same input", () => {
    const again = analyze(measure());
    expect(JSON.stringify(again)).toBe(JSON.stringify(analyze(measure())));
    expect([...renderRequestsCsv(allRequestRows(again))].join("")).toBe(
      [...renderRequestsCsv(rows)].join(""),
    );
    expect(renderRequestsArrow(allRequestRows(again))).toEqual(renderRequestsArrow(rows));
  });

  it("tells requests of the older text form apart only if none failed", () => {
    const block = (text: string) =>
      `<sample t="1" ts="1" s="true" lb="x" rc="0" tn="U 1-1"><responseData class="java.lang.String">${text}</responseData></sample>`;
    const log = (handler: string) =>
      `<testResults version="1.2">${block(`Elapsed ML time in the handler: \n['0.1', '0.2']\nElapsed total time in the handler: \n${handler}\nElapsed round trip time in the client: \n[0.5, 0.6]\n`)}</testResults>`;
    const whole = [
      ...allRequestRows(
        analyze([{ users: 1, thinkTimeSeconds: 0, repetition: 1, source: "x", text: log("['0.3', '0.4']") }]),
      ),
    ];
    expect(whole.map((row) => [row.outcome, row.handlerSeconds])).toEqual([
      ["ok", 0.3],
      ["ok", 0.4],
    ]);
    const failed = [
      ...allRequestRows(
        analyze([
          {
            users: 1,
            thinkTimeSeconds: 0,
            repetition: 1,
            source: "x",
            text: log("['0.3']").replace("['0.1', '0.2']", "['0.1']"),
          },
        ]),
      ),
    ];
    expect(failed.map((row) => [row.outcome, row.handlerSeconds])).toEqual([
      ["unknown", undefined],
      ["unknown", undefined],
    ]);
  });
});

describe("parseFilter()", () => {
  test.each([
    ["users=3", 9],
    ["users=4", 0],
    ["outcome=ok", 8],
    ["outcome != ok", 1],
    ["user=w1-u1 and outcome=ok", 4],
    ["user=w1-u1 or user=w1-u10", 6],
    ["user=w1-u1 and outcome=timeout or sequence=1", 4],
    ['user="w1-u2"', 3],
    ['message="no answer, ""', "EXPRESSION_SYNTAX"],
    ['payload="1 and 2.jpg"', 0],
    ["roundTripSeconds>=0.5 and roundTripSeconds<=0.6", 5],
    ["think<1", 0],
    ["coldStart=true", 3],
    ["handlerSeconds!=99", 8],
    ["lateSeconds!=0", 0],
    ["user=w1-u1,w1-u10 and not outcome=timeout", 5],
    ["sequence=2..3", 4],
    ["not (user=w1-u1 or user=w1-u10)", 3],
    ["not lateSeconds=0", 0],
    ["roundTripSeconds>=500ms", 8],
    ["userz=4", "EXPRESSION_NAME"],
    ["users=four", "EXPRESSION_VALUE"],
    ["coldStart=1", "EXPRESSION_VALUE"],
    ["coldStart<true", "EXPRESSION_VALUE"],
    ["users", "EXPRESSION_SYNTAX"],
    ["", "EXPRESSION_SYNTAX"],
    ["users=4 and", "EXPRESSION_SYNTAX"],
    ["users=4 outcome=ok", "EXPRESSION_SYNTAX"],
    ["users==4", "EXPRESSION_SYNTAX"],
  ])("%s", (text, expected) => {
    if (typeof expected === "number") expect(rows.filter(parseFilter(text))).toHaveLength(expected);
    else expect(() => parseFilter(text)).toThrow(expect.objectContaining({ code: expected, exitCode: 2 }));
  });

  it("names the fields if one is wrong", () => {
    expect(() => parseFilter("userz=4")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("users, think, rate, repetition") }),
    );
  });
});

describe("analyze() of some requests", () => {
  const [cell] = analyze(measure(), { filter: "outcome=ok and user!=w1-u10" }).summary.cells;

  it("has only clients and requests of which the filter holds, and says how many it left out", () => {
    expect(cell).toMatchObject({
      clients: 2,
      requests: { sent: 7, successful: 7, failed: 0 },
      outcomes: { ok: 7 },
    });
    expect(analyze(measure(), { filter: "outcome=ok" }).summary.selection).toEqual({
      filter: "outcome=ok",
      requestsLeftOut: 1,
    });
    expect(analyze(measure(), { filter: "users=9" }).summary.cells).toEqual([]);
    expect(analyze(measure()).summary).not.toHaveProperty("selection");
  });

  it("has figures of the steady part, and says which requests those are", () => {
    // u2 starts at 2 s, u10 ends at 1.7 s: never all of them.
    const never = analyze(measure(), { part: "steady" }).summary;
    expect(never.selection?.requestsLeftOut).toBe(0);
    expect(never.cells[0]?.part).toBe("whole");
    expect(never.warnings.map(({ code }) => code)).toContain("NO_STEADY_PART");
    const [both] = measure();
    const clients = both?.log.clients.slice(0, 2) ?? [];
    const analysis = analyze([{ ...both, log: { ...both?.log, clients } } as typeof both & object]);
    // u2 has its first response at 2.5 s, u1 its last one at 36 s.
    const steady = [
      ["w1-u1", 3],
      ["w1-u1", 4],
      ["w1-u1", 5],
      ["w1-u2", 2],
    ];
    expect([...measuredRows(analysis)].map((row) => [row.user, row.sequence])).toEqual(steady);
    expect([...allRequestRows(analysis)].map(({ steady }) => steady)).toEqual([
      ...[false, false, true, true, true],
      ...[false, true, false],
    ]);
    const [cell] = analysis.summary.cells;
    expect(cell).toMatchObject({
      part: "steady",
      requests: { sent: 4, successful: 3, failed: 1 },
      meanActiveUsers: 2,
      wholeRun: { requests: { sent: 8, successful: 7, failed: 1 } },
    });
    expect(cell?.throughputPerSecond).toBeCloseTo(3 / 33.5, 9);
  });
});

describe("groupRequests()", () => {
  test.each(GROUPINGS)("every request is in one group: by %s", (by) => {
    const groups = groupRequests(rows, by);
    expect(groups.reduce((sum, group) => sum + group.sent, 0)).toBe(9);
    expect(groups.reduce((sum, group) => sum + (group.successful ?? 0), 0)).toBe(8);
  });

  it("orders keys as people count, and has the percentiles asked for", () => {
    const groups = groupRequests(rows, "user", [50, 99.9]);
    expect(groups.map(({ key }) => key)).toEqual(["w1-u1", "w1-u2", "w1-u10"]);
    expect(groups[0]?.percentilesSeconds.p50).toBe(0.5);
    // numpy.percentile([.4, .6, .5, 30, .5], 99.9)
    expect(groups[0]?.percentilesSeconds["p99.9"]).toBeCloseTo(29.8824, 9);
  });

  it("gives throughput over time", () => {
    const groups = groupRequests(rows, "minute");
    // From 0 to 65 s; every request began in the first minute, the last one ended in the second.
    expect(groups).toMatchObject([{ key: "0", sent: 9, successful: 8 }]);
    expect(groups[0]?.successfulPerSecond).toBeCloseTo(8 / 60, 9);
  });

  test("tables fit 80 columns however many percentiles and however long names are", () => {
    const anyPercentiles = fc.uniqueArray(
      fc.integer({ min: 0, max: 1000 }).map((p) => p / 10),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(
        anyPercentiles,
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(...GROUPINGS),
        (percentiles, length, by) => {
          const long = rows.map((row) => ({
            ...row,
            user: row.user.padStart(length, "x"),
            payload: "f".repeat(length),
            worker: "1".repeat(length),
            roundTripSeconds: row.roundTripSeconds * length * 10,
          }));
          const text = renderGroups(groupRequests(long, by, percentiles), by);
          expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
          for (const p of percentiles)
            expect(text).toMatch(new RegExp(`\\bp${String(p).replace(".", "\\.")}\\b`));
        },
      ),
    );
  });
});
