import { renderEndLabels, renderPanelLabels, renderRules } from "./annotations.ts";
import { renderAxes } from "./axes.ts";
import type { Axis, Chart, Panel, Series } from "./chart.ts";
import { describeChart } from "./describe.ts";
import { renderLegend, seriesColor } from "./legend.ts";
import { renderMark } from "./marks.ts";
import { INK } from "./palette.ts";
import { isNameAxis, type Scale, scaleOf } from "./scales.ts";
import { element, escapeXml, text } from "./svg.ts";

/** Baseline of the words above a panel, as axes.ts places its label, and the height of a line of them. */
const LABEL_TOP_PX = 14;
const TEXT_PX = 14;

/**
 * Draws a chart as SVG text, without a browser. Colours are attributes, so that a file needs no style sheet; classes
 * let the page's style sheet override them.
 *
 * @param options `forFile` adds what a page brings itself: a white background, the title and the legend; `isUntitled`
 * leaves the title to the text around the file
 *
 * @example
 * ```ts
 * renderChart({ title: "Empty", widthPx: 100, heightPx: 50, series: [], panels: [] }).slice(0, 4); // "<svg"
 * ```
 */
export function renderChart(
  chart: Chart,
  {
    forFile = false,
    isUntitled = !forFile,
  }: { readonly forFile?: boolean; readonly isUntitled?: boolean } = {},
): string {
  const { widthPx, title, subtitle } = chart;
  const legend =
    forFile && chart.isLabelled !== true
      ? renderLegend(chart.series, widthPx, chart.heightPx + 4)
      : { svg: "", heightPx: 0 };
  const topPx = isUntitled ? pageTop(chart) : 0;
  const heightPx = chart.heightPx + legend.heightPx - topPx;
  const left = { x: 16 };
  return element(
    "svg",
    {
      ...{ width: widthPx, height: heightPx },
      viewBox: `0 ${topPx} ${widthPx} ${heightPx}`,
      ...{ xmlns: "http://www.w3.org/2000/svg", class: "chart", role: "img", "aria-label": title },
      ...{ fill: INK, "font-family": "sans-serif", "font-size": "12" },
    },
    element("desc", {}, escapeXml(describeChart(chart))),
    forFile ? element("rect", { y: topPx, width: widthPx, height: heightPx, fill: "#ffffff" }) : "",
    !isUntitled ? text(title, { ...left, y: 20, "font-size": "14", "font-weight": "bold" }) : "",
    !isUntitled && subtitle !== undefined ? text(subtitle, { ...left, y: 38 }) : "",
    ...chart.panels.map((panel) => renderPanel(panel, chart.series)),
    legend.svg,
  );
}

/** Where the chart begins below its title, which the page writes itself. */
function pageTop({ panels, heightPx }: Chart): number {
  const first = panels.reduce((top, panel) => Math.min(top, panel.topPx), heightPx);
  const headPx = Math.max(
    ...panels.flatMap(({ title, titleTopPx = 0, labels = [] }) => [
      title ? titleTopPx : 0,
      ...labels.flatMap(({ y, shiftPx = [0, 0] }) => (Number.isFinite(y) ? [] : [-shiftPx[1]])),
    ]),
    LABEL_TOP_PX,
  );
  return panels.length === 0 ? 0 : Math.max(0, first - headPx - TEXT_PX);
}

function renderPanel(panel: Panel, series: readonly Series[]): string {
  const x = scaleOf(panel.x, "x", panel.widthPx);
  const y = scaleOf(panel.y, "y", panel.heightPx);
  const layers = panel.layers.map((layer) => {
    const own = series[layer.series];
    if (own === undefined)
      throw new RangeError(`series ${layer.series} of “${panel.y.label}” does not exist`);
    return element(
      "g",
      { ...seriesColor(own), "data-series": String(layer.series) },
      renderMark(layer.mark, own, x, y),
    );
  });
  const title =
    panel.title && text(panel.title, { x: 0, y: -(panel.titleTopPx ?? 12), "font-weight": "bold" });
  return element(
    "g",
    {
      class: "panel",
      transform: `translate(${Math.round(panel.leftPx * 10) / 10} ${panel.topPx})`,
      "data-panel": readout(panel, x, y),
    },
    title ?? "",
    renderAxes(panel, x, y),
    renderRules(panel, x, y),
    ...layers,
    renderEndLabels(panel, series, x, y),
    renderPanelLabels(panel, x, y),
  );
}

/** How the page turns pixels back into values, of panels that have lines to read; see `page/page.ts`. */
function readout(panel: Panel, x: Scale, y: Scale): string | undefined {
  const isRead = panel.layers.some(({ mark }) => mark.kind === "line" && mark.isReadable);
  if (!isRead || x.domain === undefined || y.domain === undefined) return undefined;
  return JSON.stringify({
    x: { ...axisOf(panel.x), domain: x.domain, lengthPx: panel.widthPx },
    y: { ...axisOf(panel.y), domain: y.domain, lengthPx: panel.heightPx },
  });
}

const axisOf = (axis: Axis) =>
  isNameAxis(axis)
    ? { label: axis.label, isWhole: false }
    : { label: axis.readoutLabel ?? axis.label, isWhole: axis.isWhole === true };
