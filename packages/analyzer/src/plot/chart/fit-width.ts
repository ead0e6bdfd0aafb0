import type { Chart, Panel } from "./chart.ts";

/** A narrower panel has no room for its ticks. */
const MIN_PANEL_PX = 60;

/**
 * The same chart with narrower panels: margins, and with them ticks and words, keep their size. A chart whose panels
 * would be too narrow stays as it is.
 *
 * @example
 * ```ts
 * const panel = { leftPx: 40, topPx: 40, widthPx: 300, heightPx: 100, x: { label: "x", min: 0, max: 1 }, y: { label: "y", min: 0, max: 1 }, layers: [] };
 * fitWidth({ title: "A", widthPx: 360, heightPx: 200, series: [], panels: [panel] }, 260).panels[0]?.widthPx; // 200
 * ```
 */
export function fitWidth(chart: Chart, widthPx: number): Chart {
  const { panels } = chart;
  const leftPx = Math.min(...panels.map((panel) => panel.leftPx));
  const rightPx = chart.widthPx - Math.max(...panels.map((panel) => panel.leftPx + panel.widthPx));
  const factor = (widthPx - leftPx - rightPx) / (chart.widthPx - leftPx - rightPx);
  const narrowest = Math.min(...panels.map((panel) => factor * panel.widthPx));
  if (panels.length === 0 || factor >= 1 || narrowest < MIN_PANEL_PX) return chart;
  return {
    ...chart,
    widthPx,
    panels: panels.map(
      (panel): Panel => ({
        ...panel,
        leftPx: leftPx + factor * (panel.leftPx - leftPx),
        widthPx: factor * panel.widthPx,
      }),
    ),
  };
}
