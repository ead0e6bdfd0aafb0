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
    return withHovers(chart.renderToSVGString(), option);
  } finally {
    chart.dispose();
  }
}

/** Every mark says its series and values when the mouse rests on it, and to screen readers. */
function withHovers(svg: string, option: EChartsCoreOption): string {
  const series = option.series as
    | readonly { readonly name?: string; readonly data?: readonly unknown[] }[]
    | undefined;
  return svg.replaceAll(
    /(<path [^>]*)ecmeta_series_index="(\d+)" ecmeta_data_index="(\d+)" ecmeta_ssr_type="chart"([^>]*)><\/path>/g,
    (_, before: string, of: string, at: string, after: string) => {
      const own = series?.[Number(of)];
      const value = own?.data?.[Number(at)];
      const words = (Array.isArray(value) ? value : typeof value === "object" ? [] : [value])
        .map((one) => (typeof one === "number" ? Number(one.toPrecision(5)) : one))
        .join(", ");
      const text = `${own?.name ?? ""}: ${words}`.replaceAll(/[&<]/g, (sign) =>
        sign === "&" ? "&amp;" : "&lt;",
      );
      return `${before}${after}><title>${text}</title></path>`;
    },
  );
}

/** The same picture for a file: dark on white. */
export function forPaper(svg: string): string {
  return svg.replaceAll(INK, "#222222").replace(/(<rect[^>]*) fill="none"/, '$1 fill="#ffffff"');
}
