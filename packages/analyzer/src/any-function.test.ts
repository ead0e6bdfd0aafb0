import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { tableFromIPC } from "apache-arrow";
import { describe, expect, it, test } from "vitest";
import { analyze } from "./analyze.ts";
import type { Condition } from "./core/condition.ts";
import { parseLog } from "./log/log.ts";
import { toModelCells } from "./model/to-model-cells.ts";
import { renderReport } from "./report/render-report.ts";
import { reportFigures } from "./report/report-figures.ts";
import { servingLimits } from "./report/serving/limits.ts";
import { servedRate, servedUsers } from "./report/serving/served.ts";
import { renderTable } from "./report/table.ts";
import { renderMarkdown } from "./report/thresholds.ts";
import { renderRequestsArrow } from "./rows/arrow.ts";
import { columnsOf } from "./rows/columns.ts";
import { renderRequestsCsv } from "./rows/csv.ts";
import { allRequestRows } from "./rows/rows.ts";
import { type TestClient, testClient } from "./testing/clients.ts";
import { checkThresholds, parseThreshold } from "./thresholds/threshold.ts";

const empty = parseLog('<testResults version="1.2"></testResults>', "x");
const measure = (
  clients: readonly TestClient[],
  condition: Condition = { users: clients.length, thinkTimeSeconds: 1 },
  filter?: string,
) => {
  const runs = clients.map((client, index) => testClient({ user: `w1-u${index + 1}`, ...client }));
  const log = { ...empty, hasReports: true, clients: runs };
  return analyze([{ ...condition, repetition: 1, source: "x", log }], {
    part: "whole",
    ...(filter !== undefined && { filter }),
  });
};

/** A chat that streams 10, 20, … tokens; the last request of each user times out. */
const chat = (user: number): TestClient => ({
  head: { unitsName: "tokens", stream: "sse" },
  roundTrips: Array.from({ length: 40 }, (_, index) => (index === 39 ? -25 : 1)),
  change: ({ handlerSeconds: _, mlSeconds: __, faces: ___, coldStart: ____, ...request }) =>
    request.outcome !== "ok"
      ? request
      : {
          ...request,
          times: { tokenizeSeconds: user / 100 },
          units: 10 * (1 + ((request.sequence - 1) % 3)),
          events: 12,
          firstEventSeconds: 0.2,
          longestGapSeconds: 0.05,
          secondsPerUnit: 0.02,
        },
});
const chats = measure([chat(1), chat(2)]);
const [cell] = chats.summary.cells;

describe("a function that streams and has units and times of its own", () => {
  it("has their figures over successful requests", () => {
    expect(cell).toMatchObject({
      times: { tokenizeSeconds: { count: 78, mean: 0.015, max: 0.02 } },
      units: { name: "tokens", total: 1560, perRequest: { count: 78, mean: 20, max: 30 } },
      firstEventSeconds: { count: 78, mean: 0.2 },
      longestGapSeconds: { count: 78, max: 0.05 },
      secondsPerUnit: { count: 78, mean: 0.02 },
    });
    const { throughputPerSecond = 0, units } = cell ?? {};
    expect(units?.perSecond).toBeCloseTo(20 * throughputPerSecond, 9);
  });

  it("gives every request of the report again, with the columns that it fills and no others", () => {
    const rows = allRequestRows(chats);
    const [first] = rows;
    expect(first).toMatchObject({ times: { tokenizeSeconds: 0.01 }, units: 10, events: 12 });
    const names = rows.columns.map(({ name }) => name);
    expect(names).toEqual(columnsOf([...rows]).map(({ name }) => name));
    expect(names).toEqual(expect.arrayContaining(["tokenizeSeconds", "units", "firstEventSeconds"]));
    for (const absent of ["faces", "backend", "mlSeconds", "handlerSeconds", "lateSeconds", "label"])
      expect(names).not.toContain(absent);
    const [head = "", line = ""] = [...renderRequestsCsv(rows)].join("").split("\n");
    expect(line.split(",")[head.split(",").indexOf("tokenizeSeconds")]).toBe("0.01");
    const table = tableFromIPC(renderRequestsArrow(rows));
    expect(table.getChild("units")?.get(1)).toBe(20);
    expect(table.getChild("units")?.get(39)).toBeNull();
  });

  test.each([
    ["firstEvent.p95<500ms", true, 0.2],
    ["firstEventSeconds.p95<100ms", false, 0.2],
    ["tokenizeSeconds.max<=20ms", true, 0.02],
    ["tokens.perSecond>1000", false, undefined],
    ["tokens.mean>=20", true, 20],
    ["tokens.total>1000", true, 1560],
    ["units.total>1000", true, 1560],
    ["words.total>1", false, undefined],
    ["mlSeconds.mean<0.1s", false, undefined],
  ])("is held against the threshold %s", (text, passed, value) => {
    const [result] = checkThresholds(chats.summary.cells, [parseThreshold(text)]);
    expect(result?.verdict).toBe(passed ? "pass" : "fail");
    if (value !== undefined) expect(result?.value).toBeCloseTo(value, 9);
  });

  it("can be filtered by its own times, and warns of a time that no request has", () => {
    const slow = measure([chat(1), chat(2)], undefined, "tokenizeSeconds>15ms and units>=20");
    expect(slow.summary.cells[0]?.requests.sent).toBe(26);
    const codes = (filter: string) =>
      measure([chat(1)], undefined, filter).summary.warnings.map(({ code }) => code);
    expect(codes("tokeniseSeconds>1ms")).toContain("OPTION_NOT_APPLIED");
    expect(codes("tokenizeSeconds>1ms")).not.toContain("OPTION_NOT_APPLIED");
  });

  it("has columns of its own in the tables, and no word of faces, ML or handler", () => {
    const page = renderReport(chats, { figures: { figures: [], grids: [], warnings: [] } });
    for (const text of [renderMarkdown("x", chats.summary.cells, []), page.replace(/<script>[\s\S]*/, "")]) {
      expect(text).toContain("tokenize, mean (s)");
      expect(text).toContain("First event, mean (s)");
      expect(text).toContain("Time per unit, mean (ms)");
      expect(text).toContain("tokens per second");
      expect(text).not.toMatch(/\bML\b|[Hh]andler|[Ff]aces|detection/);
    }
    const table = renderTable(chats.summary.cells);
    expect(table).toContain("tokenize");
    expect(table).not.toContain("ML");
    for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });
});

it("keeps a time that is named like a column apart from it", () => {
  const waits = measure([
    {
      roundTrips: [1, 2],
      change: (request) => ({ ...request, times: { waitSeconds: 7 } }),
    },
  ]);
  const rows = allRequestRows(waits);
  const names = rows.columns.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["waitSeconds", "times.waitSeconds"]));
  expect(rows.columns.find(({ name }) => name === "times.waitSeconds")?.of([...rows][0] as never)).toBe(7);
});

describe("an open loop", () => {
  const open = (ratePerSecond: number, roundTrip: number) =>
    measure([{ roundTrips: Array.from({ length: 40 }, () => roundTrip), thinkSeconds: 0 }], {
      ...{ users: 1, thinkTimeSeconds: 0, ratePerSecond, process: "poisson" },
    });
  const cells = [open(1, 0.5), open(2.5, 3)].flatMap(({ summary }) => summary.cells);

  it("is named by its rate everywhere, never as a number of users", () => {
    const { summary } = open(2.5, 3);
    const schema = JSON.parse(readFileSync(new URL("../summary.schema.json", import.meta.url), "utf8"));
    const validate = new Ajv2020({ strict: false }).compile(schema);
    validate(JSON.parse(JSON.stringify(summary)));
    expect(validate.errors ?? []).toEqual([]);
    expect(summary.cells[0]).toMatchObject({ ratePerSecond: 2.5, process: "poisson" });
    expect([...allRequestRows(open(2.5, 3))][0]).toMatchObject({ cell: "r02_5", ratePerSecond: 2.5 });
    expect(renderTable(cells)).toContain("2.5/s");
    const [result] = checkThresholds(cells, [parseThreshold("cell(rate=2.5).p95<2s")]);
    expect(result).toMatchObject({ verdict: "fail", cell: { ratePerSecond: 2.5 } });
  });

  it("has figures and tables over the offered rate, and none over users", () => {
    const analysis = { ...open(1, 0.5), summary: { ...open(1, 0.5).summary, cells } };
    const { figures } = reportFigures({
      ...analysis,
      clients: [open(1, 0.5), open(2.5, 3)].flatMap(({ clients }) => clients),
    });
    expect(figures.map(({ title }) => title)).toEqual([
      "Response time and success against the limits",
      "Success rate over offered rate",
      "Round trip over offered rate",
      "Throughput over offered rate",
      "Clients and failures over the run",
    ]);
    const [, , roundTrip, throughput] = figures;
    expect(roundTrip?.chart.series.map(({ name }) => name)).toEqual(["mean", "95th percentile"]);
    expect(roundTrip?.data?.rows.map((row) => row.slice(0, 3))).toEqual([
      ["poisson", "1", "0.50000"],
      ["poisson", "2.5", "3.0000"],
    ]);
    expect(throughput?.chart.series.map(({ name }) => name)).toEqual(["achieved", "offered"]);
    const [identity] = throughput?.chart.panels[0]?.layers ?? [];
    expect(identity?.mark).toMatchObject({
      kind: "line",
      points: [
        [0, 0],
        [2.5, 2.5],
      ],
    });
    expect(throughput?.chart.panels[0]?.x).toMatchObject({ label: "offered requests per second" });
    const [head = ""] = renderTable(cells).split("\n");
    expect(head.split(/ +/)).toEqual(expect.arrayContaining(["offered", "ok/s", "p95"]));
    for (const text of [head, renderMarkdown("x", cells, [])]) expect(text).not.toMatch(/users|think/);
    const page = renderReport(analysis).replace(/<script>[\s\S]*/, "");
    expect(page).toContain("Which request rate does the function serve?");
    expect(page).toContain("requests arrived at 1, 2.5 per second (arrival process: poisson)");
    expect(page).not.toMatch(/virtual users|How many users|mean over users|Think time/);
  });

  it("is not held against the law of users who wait for their responses", () => {
    const { summary } = open(2.5, 3);
    expect(summary.cells[0]).not.toHaveProperty("interactiveLaw");
    expect(summary.warnings.map(({ code }) => code)).not.toContain("LAW_OFF");
  });

  it("shares a table with users: then both have their columns", () => {
    const [user] = chats.summary.cells;
    const head = renderTable([user as (typeof cells)[number], ...cells]).split("\n")[0] ?? "";
    expect(head).toMatch(/^users +think s .* ok\/s +p95/);
  });

  it("is asked for the rate that the function serves; the model leaves it out", () => {
    const limits = servingLimits([parseThreshold("p95<2s")], 25);
    expect(servedUsers(cells, limits)).toEqual([]);
    expect(servedRate(cells, limits)?.sentence).toBe(
      "With arrivals in an open loop the function serves 1 request/s. At 2.5 requests/s: p95 3.00 s.",
    );
    expect(toModelCells([open(1, 0.5)])).toEqual([]);
    expect(renderReport(open(1, 0.5))).toContain("it is not decided which rate the function serves");
  });
});

test.each([
  ["redirect", 302, "redirect 302"],
  ["invalid-response", 200, "invalid-response"],
  ["throttled", 429, undefined],
] as const)("a cell of %s responses has the rejection %s → %s", (outcome, status, reason) => {
  const { summary } = measure([
    { roundTrips: [1, 1], change: ({ handlerSeconds: _, ...request }) => ({ ...request, outcome, status }) },
  ]);
  expect(summary.cells[0]?.rejection?.reason).toBe(reason);
  expect(summary.cells[0]?.outcomes).toEqual({ [outcome]: 2 });
});
