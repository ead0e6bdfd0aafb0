import { expect, test } from "vitest";
import { parseLog } from "../../log/log.ts";
import { logDataOf } from "../../report/log/log-data.ts";
import { selectSamples } from "../../rows/plain-log.ts";
import { renderChart } from "../chart/render.ts";
import { ceilingOf, logTimes, overTime, rateOverTime } from "./data.ts";
import { logDistributionFigures } from "./distribution.ts";
import { logAnswerFigure, logTimeFigures } from "./over-time.ts";

const HEAD =
  "timeStamp,elapsed,label,responseCode,threadName,success,bytes,sentBytes,allThreads,Latency,Connect";
const row = (second: number, elapsed = 100, more = ",1000,100,2,80,5") =>
  `${1_700_000_000_000 + 1000 * second},${elapsed},home,200,Users 1-1,true${more}`;

function dataOf(rows: readonly string[], head = HEAD) {
  const log = parseLog(`${[head, ...rows].join("\n")}\n`, "run.csv", { keepSeries: true });
  const data = logDataOf([selectSamples(log, { cell: "run.csv", users: 1, repetition: 1 }, "run.csv", {})]);
  if (data === undefined) throw new Error("no samples");
  return data;
}
const minute = dataOf(Array.from({ length: 60 }, (_, second) => row(second)));

test("a gap breaks a line of times, and is a rate of 0", () => {
  const times = logTimes(dataOf([row(0), row(1), row(9, 900)]).series);
  if (times === undefined) throw new Error("no times");
  const seconds = overTime(times, ({ elapsed }) => elapsed.seconds);
  expect(seconds.map(([, y]) => y)).toEqual([0.1, 0.1, Number.NaN, 0.9]);
  expect(rateOverTime(times, ({ count }) => count).map(([, y]) => Math.round(y))).toEqual([1, 1, 0, 0, 1]);
});

test("a slice that the log hardly covers makes no peak at the end", () => {
  const rows = Array.from({ length: 600 }, (_, second) => [row(second), row(second)]).flat();
  const long = dataOf([...rows, row(600), row(603, 9000)]);
  const [times] = logTimeFigures(long);
  const last = times?.data?.rows.at(-1);
  expect(last?.slice(1)).not.toContain("9");
  expect(times?.notes.join(" ")).toContain("A first or last value that would cover less than half");
  expect(logTimeFigures(minute)[0]?.notes.join(" ")).toContain("less than half");
  expect(
    logTimeFigures(dataOf(rows.map((_, index) => row(index / 2, 300))))[0]?.notes.join(" "),
  ).not.toContain("half");
});

test("the p95 of slices with about 5% of time-outs has a band that reaches from the usual times to the time-outs", () => {
  const rows = Array.from({ length: 24_000 }, (_, index) =>
    row(index / 100, (index * 7919) % 20 === 0 || (index * 7919) % 201 === 0 ? 10_000 : 200 + (index % 50)),
  );
  const answer = logAnswerFigure(dataOf(rows));
  const layers = answer?.chart.panels[0]?.layers ?? [];
  const [band] = layers.flatMap(({ series, mark }) => (series === 0 && mark.kind === "area" ? [mark] : []));
  const inner = band?.ranges.slice(20, -20) ?? [];
  expect(inner.length).toBeGreaterThan(20);
  for (const { low, high } of inner) expect([low < 0.3, high > 9]).toEqual([true, true]);
  const [known, whole] = layers.flatMap(({ series, mark }) =>
    series === 0 && mark.kind === "line" ? [mark] : [],
  );
  expect(whole).toMatchObject({ opacity: 0.3, isReadable: true });
  expect(known?.points.slice(20, -20).every(([, y]) => Number.isNaN(y))).toBe(true);
  expect(answer?.notes.join(" ")).toContain("Bands: 95% intervals");
  expect(answer?.notes.join(" ")).toContain("it jumps by chance");
});

test("slices of few samples have no band", () => {
  const [panel] = logAnswerFigure(minute)?.chart.panels ?? [];
  expect(panel?.layers.filter(({ mark }) => mark.kind === "area")).toEqual([]);
  expect(logAnswerFigure(minute)?.notes.join(" ")).not.toContain("Bands");
});

test("logs that lie days apart have slices that a figure can show", () => {
  const times = logTimes(dataOf([row(0), row(1), row(400_000)]).series);
  expect(times?.slices).toHaveLength(2);
  expect(times?.sliceSeconds).toBeGreaterThan(600);
});

test("ceilingOf() ignores a few values far beyond all others", () => {
  const usual = Array.from({ length: 100 }, (_, index) => 1 + index / 100);
  expect(ceilingOf(usual)).toBeCloseTo(1.99);
  expect(ceilingOf([...usual, 50])).toBeLessThan(3.1);
  expect(ceilingOf([])).toBe(0);
});

test("every figure of a log has marks, notes and a table", () => {
  const answer = logAnswerFigure(minute, 0.5);
  if (answer === undefined) throw new Error("no answer");
  expect(renderChart(answer.chart)).toContain(">limit 0.5 s<");
  const figures = [answer, ...logTimeFigures(minute), ...logDistributionFigures(minute)];
  expect(figures.map(({ title }) => title)).toEqual([
    "Response time, throughput and threads over time",
    "Response times over time",
    "Mean response time per label over time",
    "Throughput over time",
    "Active threads over time",
    "Return codes over time",
    "Connecting, waiting and receiving over time",
    "Bytes over time",
    "Percentiles of the response time",
    "Distribution of response times",
    "Where the time goes, per label",
    "Response time against throughput",
  ]);
  for (const { title, chart, notes, data } of figures) {
    expect(renderChart(chart), title).toMatch(/<(polyline|circle|rect)/);
    expect(notes.length, title).toBeGreaterThan(0);
    expect(data?.rows.length, title).toBeGreaterThan(0);
  }
});

test("every label has a distribution of its own, on the same axes", () => {
  const rows = Array.from({ length: 40 }, (_, second) => [
    row(second, 100),
    row(second, 100 + 10 * second).replace("home", "search for something with a very long name"),
  ]);
  const figures = logDistributionFigures(dataOf(rows.flat()));
  const figure = figures.find(({ title }) => title === "Distribution of response times, per label");
  expect(figure?.chart.panels.map(({ title }) => title)).toEqual([
    "home",
    "search for something with a very long name",
  ]);
  expect(figure?.narrow?.panels[1]?.title).toBe("search for somethi…");
  const ends = figure?.chart.panels.map(({ x }) => "max" in x && x.max);
  expect(ends?.[0]).toEqual(ends?.[1]);
  // All of the first label's samples took 100 ms; the other's go on to 490 ms.
  const column = (index: number) => figure?.data?.rows.map((cells) => Number(cells[index])) ?? [];
  expect(column(2).filter((share) => share > 0)).toEqual([100]);
  expect(column(3).reduce((sum, share) => sum + share, 0)).toBeGreaterThan(95);
});

test("a time-out without a first byte was waiting, not receiving", () => {
  const rows = Array.from({ length: 4 }, (_, second) =>
    second === 0 ? row(second, 25_000, ",0,100,2,0,0").replace("true", "false") : row(second),
  );
  const parts = logDistributionFigures(dataOf(rows)).find(
    ({ title }) => title === "Where the time goes, per label",
  );
  // (25 + 3 × 0.08 − 3 × 0.005) ÷ 4, and 3 × (0.1 − 0.08) ÷ 4
  expect(parts?.data?.rows).toEqual([["home", "0.00375", "6.306", "0.015"]]);
});

test("time-outs do not press the other samples together, and the captions count them", () => {
  const rows = Array.from({ length: 200 }, (_, index) =>
    index % 20 === 0
      ? row(index, 25_000).replace("true", "false")
      : row(index, 100 + index).replace("home", index % 2 === 0 ? "home" : "cart"),
  );
  const figures = logDistributionFigures(dataOf(rows));
  const figureOf = (title: string) => figures.find((figure) => figure.title === title);
  const endOf = (title: string, side: "x" | "y") =>
    figureOf(title)?.chart.panels.map(({ [side]: axis }) => "max" in axis && axis.max);
  for (const title of ["Distribution of response times", "Distribution of response times, per label"]) {
    for (const end of endOf(title, "x") ?? []) expect(end).toBeCloseTo(0.298, 2);
    expect(figureOf(title)?.notes.join(" ")).toMatch(
      /1[012] of 200 samples \([56]\.\d%\) took longer than the axis shows, up to 25 s\./,
    );
  }
  expect(endOf("Percentiles of the response time", "y")?.[0]).toBeLessThan(0.5);
});

test("the bars of where the time goes have all their names, on a phone too", () => {
  const labels = ["home page", "search for products", "checkout and pay by card", "log out"];
  const rows = Array.from({ length: 40 }, (_, index) =>
    row(index, 100).replace("home", labels[index % 4] as string),
  );
  const figure = logDistributionFigures(dataOf(rows)).find(({ title }) => title.startsWith("Where"));
  if (figure?.narrow === undefined) throw new Error("no narrow figure");
  for (const label of labels) expect(renderChart(figure.chart)).toContain(`>${label}</text>`);
  const narrow = renderChart(figure.narrow);
  for (const name of ["home page", "search for prod…", "checkout and pa…", "log out"])
    expect(narrow).toContain(`>${name}</text>`);
  // A bar lies: it begins where the part before it ends.
  expect(figure.narrow.widthPx).toBe(360);
  const [, waiting] = [...narrow.matchAll(/<rect [^>]*>/g)].map(([rect]) => rect);
  expect(waiting).toMatch(/x="0" y="[\d.]+" width="\d+(\.\d+)?" height="[\d.]+"/);
});

test("many labels have the panels of the most frequent ones", () => {
  const rows = Array.from({ length: 40 }, (_, index) =>
    row(index, 100).replace("home", `page ${index % 20}`),
  );
  const figure = logDistributionFigures(dataOf(rows)).find(({ title }) => title.endsWith("per label"));
  expect(figure?.chart.panels).toHaveLength(12);
  expect(figure?.notes.join(" ")).toContain("The 12 most frequent of 20 labels are drawn.");
});

test("one slow slice does not press the others together in the figure over throughput", () => {
  // The slow one ends alone, between the others and the last.
  const rows = [...Array.from({ length: 60 }, (_, second) => row(second)), row(60, 20_000), row(90)];
  const figure = logDistributionFigures(dataOf(rows)).find(({ title }) => title.includes("throughput"));
  const [panel] = figure?.chart.panels ?? [];
  expect(panel?.y).toMatchObject({ max: expect.closeTo(0.15, 2) });
  expect(figure?.notes.join(" ")).toContain("the table has them");
});

test("figures of what a log does not tell are left out", () => {
  const bare = dataOf(
    ["5,7", "6,8"].map((row) => `${row},x,true`),
    "timeStamp,elapsed,label,success",
  );
  expect(logTimeFigures(bare).map(({ title }) => title)).not.toContain("Bytes over time");
  const untimed = dataOf(["7,x,true"], "elapsed,label,success");
  expect(logAnswerFigure(untimed)).toBeUndefined();
  expect(logTimeFigures(untimed)).toEqual([]);
  expect(logDistributionFigures(untimed).map(({ title }) => title)).toEqual([
    "Percentiles of the response time",
    "Distribution of response times",
  ]);
});
