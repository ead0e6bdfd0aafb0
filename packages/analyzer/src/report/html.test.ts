import { expect, test } from "vitest";
import { analyze } from "../analyze.ts";
import { renderChart } from "../plot/chart/render.ts";
import { distributionFigures } from "../plot/distribution/figure.ts";
import type { ReportFigure } from "../plot/figure.ts";
import { overLoadFigure, roundTripOverUsers, successOverUsers } from "../plot/over-load/figure.ts";
import { gridUsers } from "../plot/request-grid/data.ts";
import { requestGrids } from "../plot/request-grid/figure.ts";
import { timePartsFigure } from "../plot/time-parts/figure.ts";
import { timelineFigure } from "../plot/timeline/figure.ts";
import { type PublishedRun, publishedRuns as runs } from "../testing/published-runs.ts";
import { renderHtml } from "./html.ts";

/** The older text form, as clients printed it. */
function jtl({ clients }: PublishedRun): string {
  const samples = clients.map((client, index) => {
    const quoted = (values: readonly number[]) => `[${values.map((value) => `'${value}'`).join(", ")}]`;
    const report = `Elapsed ML time in the handler: \n${quoted(client.mlSeconds)}\nElapsed total time in the handler: \n${quoted(client.handlerSeconds)}\nElapsed round trip time in the client: \n[${client.roundTripSeconds.join(", ")}]\n`;
    return `<sample t="1" ts="1" s="true" lb="x" rc="0" rm="OK" tn="Users 1-${index + 1}" by="1">\n  <responseData class="java.lang.String">${report}</responseData>\n</sample>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testResults version="1.2">\n${samples.join("\n")}\n</testResults>\n`;
}

const analysis = analyze(
  runs.map((run) => ({
    users: run.threads,
    thinkTimeSeconds: run.thinkTimeSeconds,
    repetition: 1,
    source: `${run.threads} <&> ${run.thinkTimeSeconds}`,
    text: jtl(run),
  })),
);
const { cells } = analysis.summary;
const measured = cells.map((cell, index) => ({ cell, clients: analysis.clients[index] ?? [] }));
const figures = [
  overLoadFigure(cells, successOverUsers),
  overLoadFigure(cells, roundTripOverUsers),
  ...distributionFigures(measured),
  ...requestGrids(measured),
];
const page = renderHtml(analysis.summary, {
  title: "A <run> & more",
  subject: "face-blur",
  limits: { successRate: 0.99, p95Seconds: 25, source: "Set by the test." },
  facts: [["Host", '<script>alert("x")</script>']],
  methods: "Measured.",
  commands: ["slbench run x.yaml"],
  figures,
});

test("counts have separators of thousands wherever they stand", () => {
  const many = { sent: 12_500, successful: 12_345, failed: 155 };
  const large = cells.slice(0, 1).map((cell) => ({
    ...{ ...cell, requests: many, coldStarts: 10_001 },
    outcomes: { ok: 12_345, timeout: 155 },
  }));
  const limits = { successRate: 0.99, p95Seconds: 25, source: "" };
  const text = renderHtml(
    { ...analysis.summary, cells: large },
    { title: "", limits, facts: [], figures: [] },
  );
  for (const shown of [" · 12,500 requests", "<td>12,345 / 12,500</td>", "<td>10,001</td>", "ok 12,345"])
    expect(text).toContain(shown);
  expect(text).toContain("12,345 of 12,500 requests succeeded");
  expect(text).not.toMatch(/12345|12500|10001/);
});

test("the page answers first: how many users the published function served", () => {
  expect(page.indexOf("<h1>How many users does face-blur serve?</h1>")).toBeLessThan(
    page.indexOf('<ul class="answers">'),
  );
  expect(page.indexOf('<ul class="answers">')).toBeLessThan(page.indexOf(">Cells<"));
  expect(page).toMatch(
    /<b>\d+ users<\/b> <span class="about">with a think time of 0 s<\/span> <span class="pill">✓ Passes/,
  );
  expect(page).toMatch(
    /With a think time of 0 s the function serves \d+ users<\/b> with 95% of the round trips within 25 s/,
  );
});

test("every figure has marks, units, a name, and its numbers as a table", () => {
  expect(figures.length).toBe(2 + 3 + 6);
  for (const { chart, title, data } of figures) {
    const svg = renderChart(chart);
    expect(svg, title).toMatch(/<polyline [^>]*points="[\d.]+,[\d.]+ [\d.]+,/);
    expect(svg, title).toMatch(/\(s\)|\(%\)/);
    expect(data?.rows.length, title).toBeGreaterThan(0);
    expect(page).toContain(`Data of “${title}”`);
  }
  // Each once for a wide screen and once for a narrow one.
  expect(page.match(/role="img" aria-label=/g)).toHaveLength(2 * figures.length);
});

test("a mark says its values to the mouse and to screen readers", () => {
  const [success] = figures as [ReportFigure];
  const titles = renderChart(success.chart).match(/<title>think time 0 s: [^<]+<\/title>/g);
  expect(titles).toHaveLength(6);
  expect(titles?.[0]).toMatch(
    /: \d users?, success rate, mean over users \(%\) [\d.]+ \(95% interval [\d.]+ to [\d.]+\)</,
  );
});

test("every entry of a legend hides something", () => {
  for (const { chart, title } of figures) {
    const svg = renderChart(chart);
    for (const index of chart.series.keys()) expect(svg, title).toContain(`data-series="${index}"`);
  }
  const listed = figures.flatMap(({ chart }) => (chart.isLabelled ? [] : chart.series));
  expect(listed.length).toBeGreaterThan(10);
  expect(page.match(/<button type="button" aria-pressed="true" data-series=/g)).toHaveLength(listed.length);
});

test("nothing is fetched, nothing from outside is markup, and the page is small", () => {
  expect(page).not.toMatch(/<(link(?! rel="icon" href="data:)|img|iframe)|src=|url\(http|@import/);
  expect(page).not.toContain("<script>alert");
  expect(page).toContain("A &lt;run&gt; &amp; more");
  expect(page.length).toBeLessThan(3_000_000);
});

test("the answer names what is missing, and the same figures give the same page", () => {
  const skipped = [{ source: "cells/u08", position: "the whole cell", reason: "gone" }];
  const context = {
    title: "x",
    limits: { successRate: 0.99, p95Seconds: 25, source: "" },
    facts: [],
    figures,
  };
  const told = renderHtml({ ...analysis.summary, complete: false, skipped }, context);
  expect(told.slice(0, told.indexOf('id="cells"'))).toContain("cells/u08 (the whole cell)");
  const redrawn = [overLoadFigure(cells, successOverUsers)];
  const page = (some: readonly ReportFigure[]) => renderHtml(analysis.summary, { ...context, figures: some });
  expect(page(redrawn)).toBe(page(figures.slice(0, 1)));
});

test("figures of what is not known are left out", () => {
  expect(timePartsFigure(cells)).toBeUndefined();
  expect(timelineFigure(measured)).toBeUndefined();
});

test("of many numbers of users twelve grids are drawn, the first and the last among them", () => {
  const many = Array.from(
    { length: 300 },
    (_, index) => ({ ...cells[0], users: index + 1 }) as (typeof cells)[number],
  );
  const drawn = gridUsers(many);
  expect(drawn).toHaveLength(12);
  expect([drawn[0], drawn.at(-1)]).toEqual([1, 300]);
});

test("long users are thinned to what can be seen, and a note says so", () => {
  const [{ cell, clients }] = measured as [(typeof measured)[number]];
  const roundTripSeconds = Array.from({ length: 5000 }, (_, index) => (index === 2500 ? 9 : 1));
  const long = clients.map((client) =>
    client.withTimes({ sent: 5000, successful: 5000, roundTripSeconds, handlerSeconds: [], mlSeconds: [] }),
  );
  const [{ chart, notes }] = requestGrids([{ cell, clients: long }]) as [ReportFigure];
  expect(renderChart(chart).length).toBeLessThan(200_000);
  expect(notes.join(" ")).toContain("200");
});
