import { BarChart, BoxplotChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([
  ...[BarChart, BoxplotChart, LineChart, ScatterChart],
  ...[GridComponent, LegendComponent, TitleComponent, SVGRenderer],
]);

/**
 * Colours that people with colour-blindness tell apart, on white and on black.
 * @see Okabe and Ito 2008, Color Universal Design
 */
export const PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c8c8c"] as const;

/** Text and axes: whatever colour the page around has. */
export const INK = "currentColor";

/** Draws a chart as SVG text, without a browser: no background, text and axes in the page's own colour. */
export function renderSvg(option: EChartsCoreOption, width: number, height: number): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "transparent",
      textStyle: { fontFamily: "sans-serif", color: INK },
      ...option,
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** The same picture for a file: dark on white. */
export function forPaper(svg: string): string {
  return svg.replaceAll(INK, "#222222").replace(/(<rect[^>]*) fill="none"/, '$1 fill="#ffffff"');
}
