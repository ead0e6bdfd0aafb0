import { describe, expect, test } from "vitest";
import { formatUsers } from "../../core/format.ts";
import { renderChart } from "../chart/render.ts";
import { type AnswerGroup, type AnswerPlot, type AnswerPoint, answerCeiling, answerFloor } from "./data.ts";
import { answerFigure } from "./figure.ts";

const point = (load: number, p95Seconds: number, more: Partial<AnswerPoint> = {}): AnswerPoint => ({
  ...{ load, p95Seconds, verdict: p95Seconds <= 1 ? "passes" : "fails", successPercent: 100 },
  ...more,
});
const group = (points: readonly AnswerPoint[], more: Partial<AnswerGroup> = {}): AnswerGroup => ({
  ...{ name: "think time 0 s", points },
  ...more,
});
const plotOf = (groups: readonly AnswerGroup[], more: Partial<AnswerPlot> = {}): AnswerPlot => ({
  ...{ loadLabel: "virtual users", describeLoad: formatUsers, isWhole: true },
  ...{ limitSeconds: 1, isTimeLimit: false, limitPercent: 99, groups },
  ...more,
});
const draw = (plot: AnswerPlot) => {
  const figure = answerFigure(plot);
  if (figure === undefined) throw new Error("nothing to draw");
  return { ...figure, svg: renderChart(figure.chart, { forFile: true }) };
};

describe("answerFigure()", () => {
  test("names the limit, the load that is served, and every point's verdict", () => {
    const served = { load: 4, text: "4 users" };
    const { svg } = draw(plotOf([group([point(1, 0.3), point(4, 0.9), point(8, 1.7)], { served })]));
    for (const words of [">limit 1 s<", ">4 users<", "8 users: 95th percentile 1.7 s, fails"])
      expect(svg).toContain(words);
  });

  test("lists verdicts in the legend only if they differ", () => {
    const listed = (points: readonly AnswerPoint[]) =>
      draw(plotOf([group(points)]))
        .chart.series.filter(({ isUnlisted }) => isUnlisted !== true)
        .map(({ name }) => name);
    expect(listed([point(1, 0.3), point(2, 0.4)])).toEqual([]);
    expect(listed([point(1, 0.3), point(2, 1.4)])).toEqual(["passes", "fails"]);
  });

  test("draws a value far beyond the limit at the edge, with its number, and says so", () => {
    const { svg, notes } = draw(plotOf([group([point(1, 0.3), point(8, 25)])]));
    expect(svg).toContain(">25.0 s<");
    expect(notes.join(" ")).toContain("beyond it");
  });

  test("writes values at the edge only where they do not overlap", () => {
    const { svg } = draw(plotOf([group([point(1, 0.3), point(50, 25), point(51, 25.1), point(90, 25.2)])]));
    expect(svg).toContain(">25.0 s<");
    expect(svg).not.toContain(">25.1 s<");
    expect(svg).toContain(">25.2 s<");
  });

  test("has a panel per think time side by side, and below each other on a narrow screen", () => {
    const groups = [0, 1, 5].map((think) => group([point(1, 0.3)], { name: `think time ${think} s` }));
    const { chart, narrow } = draw(plotOf(groups));
    expect(chart.panels.map(({ title }) => title).filter(Boolean)).toHaveLength(3);
    expect(new Set(chart.panels.map(({ leftPx }) => leftPx)).size).toBe(3);
    expect(new Set(narrow?.panels.map(({ leftPx }) => leftPx)).size).toBe(1);
  });

  test("is undefined without a measured point", () => {
    expect(answerFigure(plotOf([group([])]))).toBeUndefined();
  });
});

describe("the axes of the answer", () => {
  test("answerCeiling() includes the limit, but not a time limit far above all responses", () => {
    expect(answerCeiling(plotOf([group([point(1, 0.3)])]))).toBeCloseTo(1.15);
    const timeLimit = { limitSeconds: 25, isTimeLimit: true };
    expect(answerCeiling(plotOf([group([point(1, 0.5)])], timeLimit))).toBeCloseTo(0.6);
    expect(answerCeiling(plotOf([group([point(1, 7)])]))).toBeCloseTo(7.35);
    expect(answerCeiling(plotOf([group([point(1, 30)])]))).toBe(4);
  });

  test("answerFloor() is a round number below the limit and all rates", () => {
    const floor = (successPercent: number) =>
      answerFloor(plotOf([group([point(1, 0.3, { successPercent })])]));
    expect([100, 97, 91, 60, 3].map(floor)).toEqual([98, 95, 90, 50, 0]);
  });
});
