import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyze } from "../analyze.ts";
import { distributionFigures } from "../plot/distribution.ts";
import { frameGrid, gridUsers } from "../plot/frame-grid.ts";
import { overUsersFigure, roundTripOverUsers, successOverUsers } from "../plot/over-users.ts";
import { timePartsFigure } from "../plot/time-parts.ts";
import { timelineFigure } from "../plot/timeline.ts";
import { renderHtml } from "./html.ts";

interface PublishedRun {
  readonly threads: number;
  readonly thinkTimeSeconds: number;
  readonly clients: readonly {
    readonly mlSeconds: readonly number[];
    readonly handlerSeconds: readonly number[];
    readonly roundTripSeconds: readonly number[];
  }[];
}
const runs = JSON.parse(
  readFileSync(new URL("../../testdata/published-runs.json", import.meta.url), "utf8"),
) as readonly PublishedRun[];

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
  overUsersFigure(cells, successOverUsers),
  overUsersFigure(cells, roundTripOverUsers),
  ...distributionFigures(measured),
  ...gridUsers(cells).map((users) => frameGrid(users, measured)),
];
const page = renderHtml(analysis.summary, {
  title: "A <run> & more",
  limits: { successRate: 0.99, p95Seconds: 25, source: "Said by the test." },
  facts: [["Host", '<script>alert("x")</script>']],
  methods: "Measured.",
  commands: ["slbench run x.yaml"],
  figures,
});

test("the page answers first: how many users the published function served", () => {
  expect(page.indexOf("How many users does it serve?")).toBeLessThan(page.indexOf(">Cells<"));
  expect(page).toMatch(/With a think time of 0 s the function serves \d+ users\./);
});

test("every figure has marks, units, a name, and its numbers as a table", () => {
  expect(figures.length).toBe(2 + 3 + 6);
  for (const { svg, title, data } of figures) {
    expect(svg, title).toMatch(/<path d="M[\d.]+ [\d.]+[LC]/);
    expect(svg, title).toMatch(/\(s\)|\(%\)/);
    expect(data?.rows.length, title).toBeGreaterThan(0);
    expect(page).toContain(`Data of “${title}”`);
  }
  expect(page.match(/role="img" aria-label=/g)).toHaveLength(figures.length);
});

test("a mark says its values to the mouse and to screen readers", () => {
  const [success] = figures;
  expect(success?.svg.match(/<title>think time 0 s: [\d.]+, [\d.]+<\/title>/g)?.length).toBe(6);
});

test("a legend's colours are those of its marks", () => {
  for (const { svg, legend = [], title } of figures) {
    for (const { color } of legend) expect(svg, title).toContain(`stroke="${color}"`);
  }
});

test("nothing is fetched, nothing from outside is markup, and the page is small", () => {
  expect(page).not.toMatch(/<(link|img|iframe)|src=|url\(http|@import/);
  expect(page).not.toContain("<script>alert");
  expect(page).toContain("A &lt;run&gt; &amp; more");
  expect(page.length).toBeLessThan(3_000_000);
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

test("long clients are thinned to what can be seen, and that is said", () => {
  const [{ cell, clients }] = measured as [(typeof measured)[number]];
  const long = clients.map((client) => ({
    ...client,
    roundTripSeconds: Array.from({ length: 5000 }, (_, index) => (index === 2500 ? 9 : 1)),
  }));
  const { svg, notes } = frameGrid(cell.users, [{ cell, clients: long }]);
  expect(svg.length).toBeLessThan(200_000);
  expect(notes.join(" ")).toContain("200");
});
