import { expect, test } from "vitest";
import type { Chart, Panel } from "./chart.ts";
import { fitWidth } from "./fit-width.ts";

const panelAt = (leftPx: number, widthPx: number): Panel => ({
  ...{ leftPx, topPx: 40, widthPx, heightPx: 100, layers: [] },
  x: { label: "x", min: 0, max: 1 },
  y: { label: "y", min: 0, max: 1 },
});
const chart: Chart = {
  ...{ title: "A", widthPx: 500, heightPx: 200, series: [] },
  panels: [panelAt(50, 180), panelAt(250, 200)],
};

test("fitWidth() keeps both margins, and the proportions between them", () => {
  const { widthPx, panels } = fitWidth(chart, 300);
  expect(widthPx).toBe(300);
  expect(panels.map((panel) => [panel.leftPx, panel.widthPx])).toEqual([
    [50, 90],
    [150, 100],
  ]);
});

test("fitWidth() leaves a chart as it is that fits already, or whose panels would be too narrow", () => {
  expect(fitWidth(chart, 600)).toBe(chart);
  expect(fitWidth(chart, 160)).toBe(chart);
  expect(fitWidth({ ...chart, panels: [] }, 300).panels).toEqual([]);
});
