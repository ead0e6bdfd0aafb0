import { BarChart, BoxplotChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { panelsOf, withPanels } from "./panels.ts";

use([
  ...[BarChart, BoxplotChart, LineChart, ScatterChart],
  ...[GridComponent, LegendComponent, TitleComponent, SVGRenderer],
]);

/**
 * Colours that people with colour-blindness tell apart, on white and on black.
 * @see Okabe and Ito 2008, Color Universal Design
 */
export const PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c8c8c"] as const;

/**
 * A palette's colour that no other number has: after a round of the palette it differs by what nobody sees, so that a
 * legend's button finds its own line.
 */
export function ownColor(number: number): string {
  const color = PALETTE[number % PALETTE.length] as string;
  const own = Number.parseInt(color.slice(1), 16) + Math.floor(number / PALETTE.length);
  return `#${own.toString(16).padStart(6, "0")}`;
}

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
    const svg = withDots(withoutHoverStyles(chart.renderToSVGString()));
    return withPanels(withHovers(svg, option), panelsOf(chart, option, width, height));
  } finally {
    chart.dispose();
  }
}

/** A line's piece of a single point has no length, and is no dot before it is told so. */
const withDots = (svg: string): string => svg.replaceAll(/(M-?[\d.]+ -?[\d.]+)(?=M|")/g, "$1h0");

/** Drops how marks look under the mouse: their classes are numbered through all pictures of the process. */
const withoutHoverStyles = (svg: string): string =>
  svg.replace(/<style[^>]*>.*?<\/style>/s, "").replaceAll(/ class="zr\d+-cls-\d+"/g, "");

/** Every mark says its series and what it is called to whoever points at it, and to screen readers. */
function withHovers(svg: string, option: EChartsCoreOption): string {
  const series = option.series as
    | readonly { readonly name?: string; readonly data?: readonly unknown[] }[]
    | undefined;
  return svg.replaceAll(
    /(<path [^>]*)ecmeta_series_index="(\d+)" ecmeta_data_index="(\d+)" ecmeta_ssr_type="chart"([^>]*)><\/path>/g,
    (_, before: string, of: string, at: string, after: string) => {
      const own = series?.[Number(of)];
      const { name } = (own?.data?.[Number(at)] ?? {}) as { readonly name?: string };
      if (name === undefined) return `${before}${after}></path>`;
      const text = [own?.name ?? [], name].flat().join(": ");
      const escaped = text.replaceAll(/[&<]/g, (sign) => (sign === "&" ? "&amp;" : "&lt;"));
      return `${before}${after}><title>${escaped}</title></path>`;
    },
  );
}

/** The same picture for a file: dark on white, with the legend that a page has as buttons. */
export function forPaper(
  svg: string,
  legend: readonly { readonly name: string; readonly color: string }[] = [],
): string {
  const plain = svg
    .replace(/ data-panels="[^"]*"/, "")
    .replaceAll(INK, "#222222")
    .replace(/(<rect[^>]*) fill="none"/, '$1 fill="#ffffff"');
  return legend.length === 0 ? plain : withLegend(plain, legend);
}

const LEGEND_ROW = 22;
/** Mean width of a character of 12 pixels, with room to spare: nothing here knows the font. */
const CHARACTER = 7;

function withLegend(
  svg: string,
  legend: readonly { readonly name: string; readonly color: string }[],
): string {
  const [, width = "", height = ""] = /^<svg width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  let [x, row] = [70, 0];
  const entries = legend.map(({ name, color }) => {
    const size = 18 + CHARACTER * name.length + 22;
    if (x + size > Number(width) && x > 70) [x, row] = [70, row + 1];
    const y = Number(height) + row * LEGEND_ROW + 4;
    const text = name.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    const entry = `<rect x="${x}" y="${y}" width="12" height="12" fill="${color}"></rect><text x="${x + 18}" y="${y + 10}" font-size="12" font-family="sans-serif" fill="#222222">${text}</text>`;
    x += size;
    return entry;
  });
  const whole = Number(height) + (row + 1) * LEGEND_ROW + 6;
  return svg
    .replace(`<svg width="${width}" height="${height}"`, `<svg width="${width}" height="${whole}"`)
    .replace(`viewBox="0 0 ${width} ${height}"`, `viewBox="0 0 ${width} ${whole}"`)
    .replace(`<rect width="${width}" height="${height}"`, `<rect width="${width}" height="${whole}"`)
    .replace(/<\/svg>\s*$/, `${entries.join("")}</svg>`);
}
