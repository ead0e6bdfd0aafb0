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

/** Draws processor seconds over sizes, both as powers of ten, into an SVG file. */
export function drawGrowth({ title, x: what, series: all }: Growth, path: string): void {
  const lines = all.map(({ points }) =>
    points.map(({ size, seconds }) => [Math.log10(size), Math.log10(seconds)] as const),
  );
  const xs = lines.flat().map(([x]) => x);
  const ys = lines.flat().map(([, y]) => y);
  const chart: Chart = {
    title,
    subtitle: "processor seconds of whole processes; both axes are powers of ten",
    ...{ widthPx: 640, heightPx: 400 },
    series: all.map(({ name }, color) => ({ name, color, swatch: ["line", "circle"] })),
    panels: [
      {
        ...{ leftPx: 64, topPx: 90, widthPx: 540, heightPx: 250 },
        x: { label: `${what}, 10 to the power of`, min: Math.min(...xs), max: Math.max(...xs) },
        y: { label: "processor seconds, 10 to the power of", min: Math.min(...ys), max: Math.max(...ys) },
        layers: lines.flatMap((points, series) => [
          { series, mark: { kind: "line", points } },
          {
            series,
            mark: { kind: "points", symbol: "circle", points: points.map(([x, y]) => ({ x, y, text: "" })) },
          },
        ]),
      },
    ],
  };
  writeFileSync(path, renderChart(chart, { forFile: true }));
}
