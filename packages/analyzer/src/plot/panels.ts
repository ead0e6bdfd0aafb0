import type { EChartsCoreOption, EChartsType } from "echarts/core";

/** Where a panel with two value axes lies, and what its edges mean: the page says values of lines by it. */
export interface Panel {
  /** Left, top, right and bottom edge, pixels of the picture. */
  readonly edges: readonly [number, number, number, number];
  /** Values of the axes at the left and right, and at the top and bottom edge. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly names: readonly [x: string, y: string];
  /** Axes that have whole values only. */
  readonly whole: readonly [x: boolean, y: boolean];
  /** Whether its lines are to be read point by point: not where marks on them say their values. */
  readonly lines: boolean;
}

type Part = Readonly<Record<string, unknown>>;

/** The panels of a drawn chart whose grids are given in pixels. */
export function panelsOf(
  chart: EChartsType,
  option: EChartsCoreOption,
  width: number,
  height: number,
): readonly Panel[] {
  const [grids, xAxes, yAxes] = [option.grid, option.xAxis, option.yAxis].map(
    (value) => (Array.isArray(value) ? value : [value]) as readonly Part[],
  ) as [readonly Part[], readonly Part[], readonly Part[]];
  const series = option.series as readonly Part[];
  const panels = grids.flatMap((grid, gridIndex): readonly Panel[] => {
    if (xAxes[gridIndex]?.type !== "value" || yAxes[gridIndex]?.type !== "value") return [];
    const pixels = (name: string) => (typeof grid[name] === "number" ? (grid[name] as number) : undefined);
    const left = pixels("left") ?? 0;
    const top = pixels("top") ?? 0;
    const right = left + (pixels("width") ?? width - left - (pixels("right") ?? 0));
    const bottom = top + (pixels("height") ?? height - top - (pixels("bottom") ?? 0));
    const valuesAt = (x: number, y: number) =>
      (chart.convertFromPixel({ gridIndex }, [x, y]) as [number, number]).map(
        (value) => Math.round(value * 1e9) / 1e9,
      ) as [number, number];
    const [from, to] = [valuesAt(left, top), valuesAt(right, bottom)];
    return [
      {
        edges: [left, top, right, bottom],
        x: [from[0], to[0]],
        y: [from[1], to[1]],
        names: [String(xAxes[gridIndex]?.name ?? ""), String(yAxes[gridIndex]?.name ?? "")],
        whole: [xAxes[gridIndex]?.minInterval === 1, yAxes[gridIndex]?.minInterval === 1],
        lines: !series.some(
          ({ type, symbol, xAxisIndex = 0 }) =>
            type === "line" && symbol !== "none" && xAxisIndex === gridIndex,
        ),
      },
    ];
  });
  // Panels beside or below each other name their common axis once.
  return panels.map((panel) => ({
    ...panel,
    names: [
      panel.names[0] || named(panels, (other) => other.edges[0] === panel.edges[0], 0),
      panel.names[1] || named(panels, (other) => other.edges[1] === panel.edges[1], 1),
    ],
  }));
}

function named(panels: readonly Panel[], beside: (panel: Panel) => boolean, axis: 0 | 1): string {
  return panels.find((panel) => beside(panel) && panel.names[axis] !== "")?.names[axis] ?? "";
}

/** The panels as an attribute that the page's script reads. */
export function withPanels(svg: string, panels: readonly Panel[]): string {
  if (panels.length === 0) return svg;
  const text = JSON.stringify(panels)
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;");
  return svg.replace(" xmlns=", ` data-panels="${text}" xmlns=`);
}
