import { type AnswerGroup, type AnswerPlot, answerFloor } from "./data.ts";
import { loadAxis, type PanelPlace, type PanelWithoutPlace } from "./load-axis.ts";
import { radiusOf, verdictLayers } from "./series.ts";
import { AXES, successText } from "./text.ts";

/** Half the width of a mark, at most. */
const RADIUS_PX = 3.5;

/** Success rates of one group against their limit. */
export function successPanel(
  plot: AnswerPlot,
  { points, served }: AnswerGroup,
  { isFirst, isLast, widthPx }: PanelPlace,
): PanelWithoutPlace {
  return {
    x: { ...loadAxis(plot, widthPx), label: isLast ? plot.loadLabel : "" },
    y: {
      ...{ label: isFirst ? AXES.success : "", min: answerFloor(plot), max: 100, isNice: false },
      ...{ tickCount: 2, hasTickLabels: isFirst },
    },
    layers: verdictLayers(points, {
      radiusPx: Math.min(RADIUS_PX, radiusOf(points, widthPx)),
      point: (point) => ({ x: point.load, y: point.successPercent, text: successText(plot, point) }),
      range: ({ load, successInterval }) => successInterval && { x: load, ...successInterval },
    }),
    rules: [
      { axis: "y", at: plot.limitPercent, color: "fail", dash: "dashed" },
      ...(served === undefined ? [] : [{ axis: "x", at: served.load, color: "accent" } as const]),
    ],
  };
}
