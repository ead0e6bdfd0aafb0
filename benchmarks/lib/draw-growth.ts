import { writeFileSync } from "node:fs";
import type { Chart } from "../../packages/analyzer/src/plot/chart/chart.ts";
import { renderChart } from "../../packages/analyzer/src/plot/chart/render.ts";

export interface Growth {
  readonly title: string;
  /** What grows. */
  readonly x: string;
  readonly series: readonly GrowthSeries[];
}

export interface GrowthSeries {
  readonly name: string;
  readonly points: readonly { readonly size: number; readonly seconds: number }[];
}

/** Draws processor seconds over sizes, both on logarithmic axes, into an SVG file. */
export function drawGrowth({ title, x: what, series: all }: Growth, path: string): void {
  const sizes = all.flatMap(({ points }) => points.map(({ size }) => size));
  const times = all.flatMap(({ points }) => points.map(({ seconds }) => seconds));
  const chart: Chart = {
    title,
    subtitle: "processor seconds of whole processes",
    ...{ widthPx: 640, heightPx: 400 },
    series: all.map(({ name }, color) => ({ name, color, swatch: ["line", "circle"] })),
    panels: [
      {
        ...{ leftPx: 64, topPx: 90, widthPx: 540, heightPx: 250 },
        x: { label: what, isLog: true, min: Math.min(...sizes), max: Math.max(...sizes) },
        y: { label: "processor seconds", isLog: true, min: Math.min(...times), max: Math.max(...times) },
        layers: all.flatMap(({ points }, series) => [
          { series, mark: { kind: "line", points: points.map(({ size, seconds }) => [size, seconds]) } },
          {
            series,
            mark: {
              ...{ kind: "points", symbol: "circle" },
              points: points.map(({ size, seconds }) => ({ x: size, y: seconds, text: "" })),
            },
          },
        ]),
      },
    ],
  };
  writeFileSync(path, renderChart(chart, { forFile: true }));
}
